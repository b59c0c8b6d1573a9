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
    public IReadOnlyList<NumberedText> Numbered => _numbered ??= [.. Texts.Select(NumberedText.Of)];

    private string[] Texts => Text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The same, where the last statement has these parameters in this order, and the others have none.</summary>
    /// <exception cref="InvalidOperationException">A statement asks for another parameter.</exception>
    public IReadOnlyList<NumberedText> NumberedAs(IReadOnlyList<string> names)
    {
        var texts = Texts;
        NumberedText[] numbered = [.. texts[..^1].Select(NumberedText.Of), NumberedText.Of(texts[^1], names)];
        return numbered[..^1].All(n => n.Names.Count == 0) && numbered[^1].Names.Count == names.Count
            ? numbered
            : throw new InvalidOperationException("The statement asks for a parameter that nobody gives it.");
    }
}
