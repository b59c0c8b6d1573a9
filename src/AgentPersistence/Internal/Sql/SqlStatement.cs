namespace AgentPersistence.Internal.Sql;

/// <summary>What is sent at once, ready to be sent: a hand-written statement, or several, each ended by a semicolon.</summary>
/// <param name="Text">The SQL.</param>
/// <param name="TakesNow">Whether it expects the time as the parameter <c>@now</c> (it asks the database's clock otherwise).</param>
internal sealed record SqlStatement(string Text, bool TakesNow)
{
    private IReadOnlyList<NumberedText>? _numbered;

    // A copy is made to change the text, so what was made of the text is not copied.
    private SqlStatement(SqlStatement original) => (Text, TakesNow) = (original.Text, original.TakesNow);

    /// <summary>The statements one by one, with numbers for the parameters' names.</summary>
    public IReadOnlyList<NumberedText> Numbered => _numbered ??=
        [.. Text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text => new NumberedText(text))];
}
