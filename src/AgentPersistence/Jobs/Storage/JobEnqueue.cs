using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Jobs.Storage;

/// <summary>What one caller wants enqueued, in one commit, and what became of it.</summary>
internal sealed class JobEnqueue(IReadOnlyList<JobRow> rows)
{
    public IReadOnlyList<JobRow> Rows => rows;

    public int Size { get; } = rows.Sum(r => r.Size);

    /// <summary>Whether a row can meet another job.</summary>
    public bool MayBeTaken { get; } = rows.Any(r => r.MayBeTaken);

    /// <summary>One job for each row, in order; set by the enqueue.</summary>
    public Job[] Jobs { get; } = new Job[rows.Count];

    /// <summary>Stores the rows of one or many callers in one statement, and finds the jobs that some of them meet.</summary>
    public static async Task StoreAsync(UnitOfWork unit, IReadOnlyList<JobEnqueue> enqueues, CancellationToken cancellationToken)
    {
        // In the order of their keys, so that two processes do not wait for each other.
        var missing = enqueues.SelectMany(e => e.Rows.Select((row, i) => (Row: row, Jobs: e.Jobs, Index: i)))
            .OrderBy(p => p.Row.Job.UniqueKey, StringComparer.Ordinal).ThenBy(p => p.Row.Id).ToList();
        while (missing.Count > 0)
        {
            var stored = (await unit.Command(unit.Dialect.EnqueueJobs).Rows(JobRow.Columns.Columns, missing.ConvertAll(p => p.Row))
                .ReadAllAsync(row => (Id: row.Id(0), RunAt: row.Time(1), CreatedAt: row.Time(2)), cancellationToken)
                .ConfigureAwait(false)).ToDictionary(s => s.Id);
            missing.RemoveAll(place =>
            {
                // A second row with the same id has not been stored, though one with its id has.
                if (!stored.Remove(place.Row.Id, out var times))
                {
                    return false;
                }

                place.Jobs[place.Index] = place.Row.Stored(times.RunAt, times.CreatedAt);
                return true;
            });
            if (missing.Count > 0)
            {
                var found = await FindTakenAsync(unit, missing.ConvertAll(p => p.Row), cancellationToken).ConfigureAwait(false);
                missing.RemoveAll(place =>
                {
                    // Who has the key may have ended before it could be read: then the row is stored at the next try.
                    var job = found.Find(j => j.Id == place.Row.Id)
                        ?? found.Find(j => j.UniqueKey is not null && j.UniqueKey == place.Row.Job.UniqueKey);
                    return job is not null && (place.Jobs[place.Index] = Answer(job, place.Row, unit.IsRepeat)) is not null;
                });
            }
        }
    }

    private static Job Answer(Job found, JobRow row, bool isRepeat) =>
        found with { AlreadyQueued = !(isRepeat && found.Id == row.Id) };

    private static async Task<List<Job>> FindTakenAsync(UnitOfWork unit, List<JobRow> rows, CancellationToken cancellationToken)
    {
        var found = await unit.Command(unit.Dialect.FindTakenJobs)
            .Ids("ids", rows.ConvertAll(r => r.Id)).Texts("keys", [.. rows.Select(r => r.Job.UniqueKey).OfType<string>()])
            .ReadAllAsync(StoredJob.Read, cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(f => f.Job);
    }
}
