namespace AgentPersistence.Conversations;

/// <summary>What an artifact of a message is.</summary>
public enum ArtifactKind
{
    /// <summary>What was said in a voice message.</summary>
    VoiceTranscript,

    /// <summary>What was seen in an image.</summary>
    ImageJson,

    /// <summary>What was read in an image.</summary>
    OcrText,

    /// <summary>What is known of a file: name, type, size.</summary>
    FileMeta,

    /// <summary>What a tool gave back.</summary>
    ToolResult,
}
