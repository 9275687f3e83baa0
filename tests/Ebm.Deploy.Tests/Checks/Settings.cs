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
                problem = settings.Address != "10.0.0.7"
                    || !settings.Name.StartsWith(silo.Name, StringComparison.Ordinal)
                    ? "is not known by its pod's name and address"
                    : new[] { settings.AccessKeys, settings.TlsCertificate, settings.TlsKey, settings.TlsCa }
                        .FirstOrDefault(file => file.Length > 0 && !IsSecret(file, silo, manifests)) is { } missing
                        ? $"{missing} is in no secret"
                        : "";
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

    private static bool IsSecret(string path, Workload silo, Manifests manifests) =>
        silo.Pod.Containers[0].VolumeMounts.FirstOrDefault(m => m.MountPath == Path.GetDirectoryName(path)) is { } mount
        && silo.Pod.Volumes.Single(v => v.Name == mount.Name).Secret is { } secret
        && manifests.Secret(secret.SecretName)?.StringData.ContainsKey(Path.GetFileName(path)) == true;
}
