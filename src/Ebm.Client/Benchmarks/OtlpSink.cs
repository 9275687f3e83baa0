using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Client.Benchmarks;

/// <summary>
/// A collector that discards everything: it reads each gRPC call to its end and answers with an empty message.
/// </summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    // No compression, length 0.
    private static readonly byte[] EmptyMessage = new byte[5];

    private readonly WebApplication _app;
    private int _calls;

    private OtlpSink(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    public string Endpoint =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Number of calls received.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Starts a collector on a free port of the loopback interface.</summary>
    public static async Task<OtlpSink> Start(CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var sink = new OtlpSink(app);
        app.Run(sink.Receive);
        await app.StartAsync(cancel);
        return sink;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Receive(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        Interlocked.Increment(ref _calls);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(EmptyMessage, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
