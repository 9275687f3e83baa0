using System.Text.Json;
using Ebm.Core;
using Ebm.Core.Spec;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebm.Configuration.Reading;

/// <summary>Writes a spec as YAML with all defaults filled in. Reading it gives the same spec.</summary>
public static class SpecYaml
{
    /// <summary>The spec as YAML, without fields that have no value.</summary>
    public static string Write(RunSpec spec)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(
            bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024,
                useUtf16SurrogatePairs: false));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Value(emitter, spec);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Value(Emitter emitter, object value)
    {
        switch (value)
        {
            case string text:
                Scalar(emitter, text, StyleOf(text));
                break;
            case Array array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
                foreach (var item in array)
                {
                    Value(emitter, item!);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case Enum:
                Scalar(emitter, SpecShape.NameOf(value));
                break;
            case bool truth:
                Scalar(emitter, truth ? "true" : "false");
                break;
            case FreeMapping mapping:
                Untyped(emitter, mapping.ToElement());
                break;
            case double number:
                Scalar(emitter, Quote.Number(number).ToLowerInvariant());
                break;
            case IFormattable number:
                Scalar(emitter, number.ToString(null, System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                Record(emitter, value);
                break;
        }
    }

    private static void Record(Emitter emitter, object record)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        if (SpecShape.KindOf(record.GetType()) is { } kind)
        {
            Scalar(emitter, SpecShape.Kind);
            Scalar(emitter, kind);
        }

        foreach (var field in SpecShape.Fields(record.GetType()))
        {
            if (field.Property.GetValue(record) is { } value)
            {
                Scalar(emitter, field.Name);
                Value(emitter, value);
            }
        }

        emitter.Emit(new MappingEnd());
    }

    // Strings are quoted: a plain true or 5 would be read as another type.
    private static void Untyped(Emitter emitter, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Flow));
                foreach (var property in value.EnumerateObject())
                {
                    Scalar(emitter, property.Name, StyleOf(property.Name));
                    Untyped(emitter, property.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
                foreach (var item in value.EnumerateArray())
                {
                    Untyped(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                Scalar(emitter, value.GetString()!, ScalarStyle.DoubleQuoted);
                break;
            default:
                Scalar(emitter, value.GetRawText());
                break;
        }
    }

    // A plain scalar must read as the same string; the reader takes every plain word except the nulls as a string.
    private static ScalarStyle StyleOf(string text) =>
        text.Length > 0
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
        && char.IsAsciiLetter(text.TrimStart('/').FirstOrDefault())
        && !text.Equals("null", StringComparison.OrdinalIgnoreCase)
            ? ScalarStyle.Plain
            : ScalarStyle.DoubleQuoted;

    private static void Scalar(Emitter emitter, string text, ScalarStyle style = ScalarStyle.Plain) =>
        emitter.Emit(new YamlDotNet.Core.Events.Scalar(AnchorName.Empty, TagName.Empty, text, style,
            isPlainImplicit: true, isQuotedImplicit: true));
}
