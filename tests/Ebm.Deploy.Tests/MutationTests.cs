namespace Ebm.Deploy.Tests;

/// <summary>A manifest with one thing wrong fails the check that is about it.</summary>
public sealed class MutationTests
{
    [Theory]
    [InlineData("PodSecurity", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")]
    [InlineData("PodSecurity", "automountServiceAccountToken: false", "automountServiceAccountToken: true")]
    [InlineData("PodSecurity", "- ALL", "- NET_RAW")]
    [InlineData("PodSecurity", "nvidia.com/gpu: \"1\"", "cpu: \"4\"")]
    [InlineData(
        "Selectors", "        app.kubernetes.io/component: chains\n        app.kubernetes.io/name",
        "        app.kubernetes.io/component: chain\n        app.kubernetes.io/name")]
    [InlineData("Ports", "containerPort: 9464", "containerPort: 9465")]
    [InlineData("Ports", "port: 30000\n    targetPort: gateway", "port: 30001\n    targetPort: gateway")]
    [InlineData("Ports", "path: /health/live", "path: /health/ready")]
    [InlineData("Network", "port: 11111", "port: 11112")]
    [InlineData("Network", "podSelector: {}\n  policyTypes:\n  - Ingress\n", "podSelector: {}\n  policyTypes:\n")]
    [InlineData("References", "claimName: data", "claimName: dat")]
    [InlineData("References", "key: url", "key: uri")]
    [InlineData("Stopping", "terminationGracePeriodSeconds: 150", "terminationGracePeriodSeconds: 90")]
    [InlineData("Stopping", "maxUnavailable: 0", "maxUnavailable: 1")]
    [InlineData("Settings", "EBM_TRACE_RATIO", "EBM_TRACE_SHARE")]
    [InlineData("Settings", "EBM_SHUTDOWN_SECONDS: \"120\"", "EBM_SHUTDOWN_SECONDS: \"0\"")]
    [InlineData("Settings", "EBM_ACCESS_KEYS: /etc/ebm/access/keys", "EBM_ACCESS_KEYS: none")]
    [InlineData("Settings", "value: /etc/ebm/tls/tls.key", "value: /etc/ebm/tls/key")]
    [InlineData("Settings", "name: EBM_TLS_CA", "name: EBM_TLS_AUTHORITY")]
    [InlineData("Settings", "EBM_DATA_ROOTS: /data", "EBM_DATA_ROOTS: data")]
    [InlineData("Settings", "fieldPath: status.podIP", "fieldPath: status.hostIP")]
    [InlineData("Settings", "EBM_DASHBOARD: \"true\"", "EBM_DASHBOARD: \"yes\"")]
    [InlineData("Ports", "- --tls-port", "- --port")]
    [InlineData("Network", "port: 4317", "port: 4318")]
    [InlineData("Scaling", "query: ebm:lanes_wanted:ratio", "query: ebm:lanes_wanted:sum")]
    [InlineData("Scaling", "stabilizationWindowSeconds: 900", "stabilizationWindowSeconds: 0")]
    [InlineData("Scaling", "type: prometheus", "type: cpu")]
    [InlineData("Scaling", "kind: Deployment\n    name: chains", "kind: Deployment\n    name: control")]
    [InlineData("Selectors", "kind: Deployment\n    name: chains", "kind: Deployment\n    name: samplers")]
    [InlineData("Images", "ebm:0.2.0-dev-cuda", "ebm:latest")]
    public void Check_OfAManifestWithAMistake_NamesIt(string check, string right, string wrong) =>
        Assert.NotEmpty(OverlayTests.Checks[check](Overlays.With("production", Mutated(right, wrong))));

    [Theory]
    [InlineData("minReadySeconds: 10", "minReadySecond: 10")]
    [InlineData("apiVersion: policy/v1", "apiVersion: policy/v1beta1")]
    [InlineData("replicas: 3", "replicas: three")]
    public void Parse_OfAManifestWithAnUnknownField_Refuses(string right, string wrong) =>
        Assert.ThrowsAny<Exception>(() => Manifests.Parse(Mutated(right, wrong)));

    private static string Mutated(string right, string wrong)
    {
        var text = Overlays.Text("production");
        Assert.Contains(right, text, StringComparison.Ordinal);
        return text.Replace(right, wrong, StringComparison.Ordinal);
    }
}
