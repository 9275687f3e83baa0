namespace Ebm.Client.Output;

/// <summary>For whom output is meant.</summary>
internal enum OutputFormat
{
    /// <summary>A person.</summary>
    Text,

    /// <summary>A program: one JSON object a line.</summary>
    Json,
}
