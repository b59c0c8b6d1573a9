namespace QuickStart.Conversations;

/// <summary>The file cannot be played; the message says what to do.</summary>
public sealed class ConversationFileException(string message, Exception? innerException = null) : Exception(message, innerException);
