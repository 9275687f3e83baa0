using Ebm.Core;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>Silos take the settings that they are given: every EBM_ variable is one, and can be meant.</summary>
internal static class Settings
{
    public static IEnumerable<string> Problems(Manifests manifests)
    {
        foreach (var silo in manifests.Silos)
        {
            var problem = "";
            try
            {
                var settings = silo.Settings(manifests);
                problem = settings.Address == "10.0.0.7" && settings.Name.StartsWith(silo.Name, StringComparison.Ordinal)
                    ? ""
                    : "is not known by its pod's name and address";
            }
            catch (InputException e)
            {
                problem = e.Message;
            }

            if (problem.Length > 0)
            {
                yield return $"{silo.Name}: {problem}";
            }
        }
    }
}
