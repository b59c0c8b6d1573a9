namespace AgentPersistence.Internal.Sql;

/// <summary>A hand-written statement, ready to be sent.</summary>
/// <param name="Text">The SQL.</param>
/// <param name="TakesNow">Whether it expects the time as the parameter <c>@now</c> (it asks the database's clock otherwise).</param>
internal sealed record SqlStatement(string Text, bool TakesNow);
