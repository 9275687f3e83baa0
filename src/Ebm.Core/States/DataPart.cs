namespace Ebm.Core.States;

/// <summary>The parts of a dataset. The numbers enter keys and never change.</summary>
public enum DataPart
{
    /// <summary>Rows to learn from.</summary>
    Train = 0,

    /// <summary>Rows held out to watch training.</summary>
    Validation = 1,

    /// <summary>Rows for the final evaluation.</summary>
    Test = 2,
}
