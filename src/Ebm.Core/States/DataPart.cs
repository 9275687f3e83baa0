namespace Ebm.Core.States;

/// <summary>Parts of a dataset. The numbers enter keys and never change.</summary>
public enum DataPart
{
    /// <summary>Training rows.</summary>
    Train = 0,

    /// <summary>Rows held out to monitor training.</summary>
    Validation = 1,

    /// <summary>Rows for the final evaluation.</summary>
    Test = 2,
}
