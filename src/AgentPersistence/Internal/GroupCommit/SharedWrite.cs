namespace AgentPersistence.Internal.GroupCommit;

/// <summary>One caller's write of one row, and what became of it in a commit shared with others.</summary>
internal abstract class SharedWrite
{
    /// <summary>The row: a commit has one write of it.</summary>
    public abstract string Row { get; }

    /// <summary>About how many bytes it sends to the database.</summary>
    public abstract int Size { get; }

    /// <summary>As how many rows it counts towards the bound of a commit.</summary>
    public virtual int Weight => 1;

    /// <summary>Whether a shared commit has stored it.</summary>
    public bool IsStored { get; set; }

    /// <summary>Whether a shared commit may have stored it although its answer was lost.</summary>
    public bool MayBeStored { get; set; }
}
