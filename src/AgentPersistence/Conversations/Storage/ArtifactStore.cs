using System.Linq.Expressions;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.Conversations.Storage;

/// <summary>The artifacts' part of <see cref="ConversationStore"/>.</summary>
internal sealed class ArtifactStore(StoreExecutor executor)
{
    public async Task<MessageArtifact> AddAsync(Guid messageId, NewArtifact artifact, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var id = executor.Ids.Next();
        var kind = EnumText<ArtifactKind>.From(Input.Defined(artifact.Kind, nameof(artifact.Kind)));
        var content = Input.Json(artifact.Content, nameof(artifact.Content), executor.Options.MaxJsonBytes);
        var uri = ArtifactRows.Uri(artifact.Uri, nameof(artifact.Uri));
        ArtifactRows.RequireAny(content, uri, nameof(artifact.Content));
        return await executor.WriteAsync(
            async (unit, ct) => await FindOwnAsync(unit, a => a.Id == id, ct).ConfigureAwait(false)
                ?? await unit.Command(unit.Dialect.AddArtifact)
                    .Id("id", id).Id("message_id", messageId).Text("kind", kind).Json("content", content).Text("uri", uri)
                    .ReadFirstAsync(ArtifactRows.Read, ct).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false)
            ?? throw new ChatMessageNotFoundException(messageId);
    }

    public async Task<IReadOnlyList<MessageArtifact>> GetAsync(Guid messageId, CancellationToken cancellationToken)
    {
        var rows = await executor.ReadAsync(
            (unit, ct) => unit.Context.MessageArtifacts.Where(a => a.MessageId == messageId).OrderBy(a => a.Id).ToListAsync(ct),
            cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(ArtifactRows.Record);
    }

    public async Task<MessageArtifact> UpdateAsync(Guid artifactId, ArtifactUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        var content = Input.Json(update.Content, nameof(update.Content), executor.Options.MaxJsonBytes);
        var uri = ArtifactRows.Uri(update.Uri, nameof(update.Uri));
        ArtifactRows.RequireAny(content, uri, nameof(update.Content));
        var writeId = executor.Ids.Next();
        return await executor.WriteAsync(
            async (unit, ct) => await FindOwnAsync(unit, a => a.Id == artifactId && a.WriteId == writeId, ct).ConfigureAwait(false)
                ?? await unit.Command(unit.Dialect.UpdateArtifact)
                    .Id("id", artifactId).Json("content", content).Text("uri", uri).Id("write_id", writeId)
                    .ReadFirstAsync(ArtifactRows.Read, ct).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false)
            ?? throw new MessageArtifactNotFoundException(artifactId);
    }

    /// <summary>Finds what this call has stored, where an earlier attempt may have done so.</summary>
    private static async Task<MessageArtifact?> FindOwnAsync(
        UnitOfWork unit, Expression<Func<MessageArtifactEntity, bool>> which, CancellationToken cancellationToken)
    {
        var row = unit.IsRepeat
            ? await unit.Context.MessageArtifacts.FirstOrDefaultAsync(which, cancellationToken).ConfigureAwait(false)
            : null;
        return row is null ? null : ArtifactRows.Record(row);
    }
}
