using AgentPersistence.Incidents.Storage;

namespace AgentPersistence.Tests.Incidents;

public sealed class IncidentTermsTests
{
    // Stored terms stay as they are, so these may be added to and never changed.
    [Theory]
    [InlineData("PAYMENT_CALLBACK_INVALID", "payment_callback_invalid payment callback invalid")]
    [InlineData("KubePodNotReady", "kubepodnotready kube pod not ready")]
    [InlineData("HTTPServerError", "httpservererror http server error")]
    [InlineData("__init__ _ a_", "init a")]
    [InlineData("Disk full, disk slow", "disk full slow")]
    [InlineData("/var/log/app-1.log", "var log app 1")]
    [InlineData("parcel_-77120345598 192.0.2.17:8443", "parcel 77120345598 192 0 2 17 8443")]
    [InlineData("exit 0x1F after 3.5s", "exit after 0x1f 3 5s")]
    [InlineData("node7_pool", "pool node7")]
    [InlineData(
        "\u00DCberlauf \u043E\u0447\u0435\u0440\u0435\u0434\u044C e\u0301",
        "\u00FCberlauf \u043E\u0447\u0435\u0440\u0435\u0434\u044C e\u0301")]
    [InlineData("", "")]
    [InlineData(" \t\r\n'\"|&!<>()*:^-+%;\\ \uFFFD \uFFFF", "")]
    public void Terms_are_runs_of_letters_and_digits_words_before_values(string text, string terms)
    {
        Assert.Equal(terms, IncidentTerms.Of(text).ToString());
    }

    [Fact]
    public void Whatever_the_text_a_term_holds_nothing_that_a_query_could_mean()
    {
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, 60).Select(_ => (char)random.Next(random.Next(2) == 0 ? 128 : 0xD800))]);

            var terms = IncidentTerms.Of(text).All.ToList();

            Assert.All(terms, t => Assert.InRange(t.Text.Length, 1, 64));
            Assert.DoesNotContain(terms, t => t.Text.Any(c => c < 128 && !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_'));
            Assert.DoesNotContain(terms, t => t.Text.Any(char.IsWhiteSpace));
            Assert.Equal(terms.Select(t => t.Text).Distinct(), terms.Select(t => t.Text));
        }
    }

    [Fact]
    public void A_row_stays_short_and_words_are_kept_before_values()
    {
        var terms = IncidentTerms.Of(string.Join(' ', Enumerable.Range(0, 1_000).Select(i => i % 2 == 0 ? $"{i}" : new string('x', i))));

        var indexed = terms.ToString().Split(' ');

        Assert.Equal(IncidentTerms.MostIndexed, indexed.Length);
        Assert.Equal(33, indexed.Count(t => t.StartsWith('x')));
        Assert.Equal((33 * 5) + IncidentTerms.MostIndexed - 33, terms.Length);
        Assert.Equal("x" + char.ConvertFromUtf32(0x1D400), Assert.Single(IncidentTerms.Of("x" + char.ConvertFromUtf32(0x1D400)).All).Text);
        Assert.Equal(63, IncidentTerms.Of(new string('x', 63) + char.ConvertFromUtf32(0x1D400)).All.Single().Text.Length);
    }
}
