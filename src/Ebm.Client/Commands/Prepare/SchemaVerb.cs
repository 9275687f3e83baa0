using System.CommandLine;
using Ebm.Configuration.Schema;

namespace Ebm.Client.Commands.Prepare;

/// <summary><c>schema</c>.</summary>
internal static class SchemaVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "schema", "Print the JSON Schema of the spec, for editors.", HelpGroups.Prepare,
            "./ebm schema > spec.schema.json"
            + "    # then, in the first line of a spec: # yaml-language-server: $schema=spec.schema.json");
        verb.Does(_ =>
        {
            Console.Out.Write(SpecSchema.Write());
            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }
}
