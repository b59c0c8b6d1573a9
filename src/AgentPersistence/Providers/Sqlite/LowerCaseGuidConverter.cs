using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>Ids as the text that PostgreSQL shows, instead of the upper case that the driver would write.</summary>
internal sealed class LowerCaseGuidConverter() : ValueConverter<Guid, string>(id => id.ToString(), text => new Guid(text));
