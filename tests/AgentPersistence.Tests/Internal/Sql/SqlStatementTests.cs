using AgentPersistence.Internal.Sql;
using Xunit;

namespace AgentPersistence.Tests.Internal.Sql;

public sealed class SqlStatementTests
{
    [Fact]
    public void A_name_has_one_number_however_often_it_stands_there()
    {
        var numbered = Assert.Single(new SqlStatement("SELECT @b, @a, @b", TakesNow: false).Numbered);

        Assert.Equal("SELECT $1, $2, $1", numbered.Text);
        Assert.Equal(["b", "a"], numbered.Names);
        Assert.Equal(1, numbered.NumberOf("a"));
        Assert.Null(numbered.NumberOf("c"));
    }

    [Fact]
    public void Several_statements_are_numbered_one_by_one()
    {
        var numbered = new SqlStatement("SELECT @a;\nSELECT @b, @a;", TakesNow: false).Numbered;

        Assert.Equal(["SELECT $1", "SELECT $1, $2"], numbered.Select(n => n.Text));
        Assert.Equal(["b", "a"], numbered[1].Names);
    }

    [Fact]
    public void A_statement_with_another_text_is_numbered_anew()
    {
        var statement = new SqlStatement("SELECT @a", TakesNow: false);
        _ = statement.Numbered;

        Assert.Equal("EXPLAIN SELECT $1", Assert.Single((statement with { Text = "EXPLAIN " + statement.Text }).Numbered).Text);
    }

    [Fact]
    public void An_operator_is_not_taken_for_a_name()
    {
        var numbered = Assert.Single(new SqlStatement("SELECT document @@to_tsquery(@query)", TakesNow: false).Numbered);

        Assert.Equal("SELECT document @@to_tsquery($1)", numbered.Text);
    }
}
