// Scores rows with a model that `ebm train` made: the lower the energy, the more probable the row.
//     ./ebm train examples/two-moons.yaml --id moons
//     dotnet run examples/csharp/Score.cs -- runs/moons
#:package Ebm.RunFolders@0.2.0-dev
#:property PublishAot=false

using Ebm.RunFolders.Models;

if (args is not [var path, ..])
{
    Console.Error.WriteLine("usage: dotnet run Score.cs -- RUN-FOLDER [FILE]");
    return 2;
}

var folder = new RunFolder(path);
using var stored = folder.Open();
Console.WriteLine($"{folder.Spec.Name}, round {stored.Round}: {stored.Data.Train.Features} numbers a row");

float[] train = stored.Model.Energies(stored.Data.Train);
Array.Sort(train);
Console.WriteLine($"training rows: median energy {train[train.Length / 2]:0.000}");

// Above the 99th percentile of the training rows a row is suspicious.
var limit = train[(int)(train.Length * 0.99)];
float[] scores = args is [_, var file]
    ? stored.Score(file)
    : stored.Model.Energies(new float[,] { { 0, 0 }, { 3, 3 } });
for (var i = 0; i < scores.Length; i++)
{
    Console.WriteLine($"row {i}: energy {scores[i]:0.000}{(scores[i] > limit ? ", unusual" : "")}");
}

return 0;
