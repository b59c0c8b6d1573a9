namespace QuickStart.Conversations;

/// <summary>Turns a file's names into ids: short, and without control characters or halves of characters.</summary>
public static class Identifier
{
    private const int Longest = 60;

    public static string? From(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var kept = text.Trim().Take(Longest).Select(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '@' ? c : '-');
        return string.Concat(kept);
    }
}
