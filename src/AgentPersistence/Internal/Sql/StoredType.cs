namespace AgentPersistence.Internal.Sql;

/// <summary>What a column holds, and a parameter is given.</summary>
internal enum StoredType
{
    Text,
    Json,
    Number,
    Real,
    Decimal,
    Flag,
    Time,
    Id,
    Bytes,
}
