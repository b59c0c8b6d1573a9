using System.Data.Common;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>Reads the values of one row as the dialect stores them.</summary>
internal readonly struct StoreReader(SqlDialect dialect, DbDataReader reader)
{
    public TableMap Table<TEntity>() => dialect.Table<TEntity>();

    public string? TextOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public string Text(int ordinal) => reader.GetString(ordinal);

    public long? NumberOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt64(ordinal);

    public long Number(int ordinal) => reader.GetInt64(ordinal);

    public double? RealOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetDouble(ordinal);

    public decimal? DecimalOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : dialect.ReadDecimal(reader, ordinal);

    /// <summary>Reads what <c>SqlDialect.SumOfDecimals</c> selects, from its first column on; 0 where there was nothing to add.</summary>
    public decimal SumOfDecimals(int ordinal) => reader.IsDBNull(ordinal) ? 0 : dialect.ReadSumOfDecimals(reader, ordinal);

    public bool Flag(int ordinal) => reader.GetBoolean(ordinal);

    public DateTimeOffset? TimeOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : dialect.ReadTime(reader, ordinal);

    public DateTimeOffset Time(int ordinal) => dialect.ReadTime(reader, ordinal);

    public Guid? IdOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : dialect.ReadId(reader, ordinal);

    public Guid Id(int ordinal) => dialect.ReadId(reader, ordinal);

    public byte[] Bytes(int ordinal) => (byte[])reader.GetValue(ordinal);

    public byte[]? BytesOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : (byte[])reader.GetValue(ordinal);
}
