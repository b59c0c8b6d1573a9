using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AgentPersistence.Database;

/// <summary>Checks the annotations of the options and of the options of each feature.</summary>
internal sealed class AgentPersistenceOptionsValidator : IValidateOptions<AgentPersistenceOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentPersistenceOptions options)
    {
        var failures = new List<string>();
        Check(nameof(AgentPersistenceOptions), options, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Auditing)}", options.Auditing, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Sessions)}", options.Sessions, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Idempotency)}", options.Idempotency, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Transactions)}", options.Transactions, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Tokens)}", options.Tokens, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Jobs)}", options.Jobs, failures);
        Check($"{nameof(AgentPersistenceOptions)}.{nameof(options.Incidents)}", options.Incidents, failures);
        CheckMaintenanceConnection(options, failures);
        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckMaintenanceConnection(AgentPersistenceOptions options, List<string> failures)
    {
        try
        {
            if (options.Auditing.MaintenanceConnectionString is { } connectionString)
            {
                (options.Database ?? DatabaseChoice.Default()).WithConnectionString(connectionString);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            failures.Add(
                $"{nameof(AgentPersistenceOptions)}.{nameof(options.Auditing)}.{nameof(options.Auditing.MaintenanceConnectionString)}: "
                + exception.Message);
        }
    }

    private static void Check(string name, object options, List<string> failures)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        failures.AddRange(results.Select(r => $"{name}: {r.ErrorMessage}"));
    }
}
