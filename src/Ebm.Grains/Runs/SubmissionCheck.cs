using System.Text.Json;
using Ebm.Configuration.Reading;
using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;
using Ebm.Grains.Admission;

namespace Ebm.Grains.Runs;

/// <summary>Checks a submission before anything is stored.</summary>
internal static class SubmissionCheck
{
    /// <exception cref="MessageTooLargeException">The spec is longer than any file that is read as one.</exception>
    /// <exception cref="InputException">The spec cannot be read, is not the one of its digest, or asks for what it may
    /// not have.</exception>
    public static void Check(RunSubmission submission, RunLimits limits)
    {
        if (submission.SpecJson.Length > SpecFile.LongestFile)
        {
            throw new MessageTooLargeException(
                $"the submitted spec has {submission.SpecJson.Length} characters; "
                    + $"expected at most {SpecFile.LongestFile}.");
        }

        RunSpec spec;
        try
        {
            spec = SpecJson.Read(submission.SpecJson);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InputException($"the submitted spec cannot be read: {e.Message} Client and cluster may "
                + "be of different versions.", e);
        }

        var digest = SpecJson.Digest(spec);
        if (digest != submission.SpecDigest)
        {
            throw new InputException(
                $"the submitted spec has digest {digest}, not {submission.SpecDigest}: "
                    + "it was altered on its way, or client and cluster are of different versions.");
        }

        limits.Check(spec);
    }
}
