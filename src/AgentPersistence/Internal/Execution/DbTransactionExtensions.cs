using System.Data.Common;

namespace AgentPersistence.Internal.Execution;

internal static class DbTransactionExtensions
{
    /// <summary>The connection of a transaction that is still open; null once it has been committed, rolled back or disposed.</summary>
    public static DbConnection? OpenConnection(this DbTransaction transaction)
    {
        try
        {
            // Asked first because Npgsql still names the connection after the commit; both drivers refuse the isolation level.
            _ = transaction.IsolationLevel;
            return transaction.Connection;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
