using Ebm.Client.Commands;

return await CommandLine.Run(args);
