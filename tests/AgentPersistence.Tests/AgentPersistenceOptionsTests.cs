using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using AgentPersistence.Database;
using Moq;

namespace AgentPersistence.Tests;

public sealed class AgentPersistenceOptionsTests
{
    private static readonly AgentPersistenceOptionsValidator Validator = new();

    /// <summary>Every option with a range, of every feature, as (options path, property).</summary>
    public static TheoryData<string, string> Ranged
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (path, type) in Sections())
            {
                foreach (var property in type.GetProperties().Where(p => p.GetCustomAttribute<RangeAttribute>() is not null))
                {
                    data.Add(path, property.Name);
                }
            }

            return data;
        }
    }

    [Fact]
    public void The_defaults_are_valid() => Assert.True(Validator.Validate(null, new AgentPersistenceOptions()).Succeeded);

    [Theory]
    [MemberData(nameof(Ranged))]
    public void An_option_out_of_its_range_is_refused_with_its_name_and_the_range(string path, string property)
    {
        var options = new AgentPersistenceOptions();
        var section = typeof(AgentPersistenceOptions).GetProperty(path)?.GetValue(options) ?? options;
        var option = section.GetType().GetProperty(property)!;
        var range = option.GetCustomAttribute<RangeAttribute>()!;
        option.SetValue(section, Beyond(option.PropertyType));

        var failure = Assert.Single(Validator.Validate(null, options).Failures!);

        Assert.StartsWith(
            section == options ? "AgentPersistenceOptions: " : $"AgentPersistenceOptions.{path}: ", failure, StringComparison.Ordinal);
        Assert.Contains($"{property} must be between", failure, StringComparison.Ordinal);
        Assert.Contains(Convert.ToString(range.Minimum, CultureInfo.InvariantCulture)!, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Serializer_options_are_required()
    {
        var failure = Assert.Single(Validator.Validate(null, new AgentPersistenceOptions { JsonSerializerOptions = null! }).Failures!);

        Assert.Contains("JsonSerializerOptions", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("Mode=ReadOnly", "Data Source=<path>")]
    [InlineData("Data Source=:memory:", "Cache=Shared")]
    [InlineData("Data Source=agent;Mode=Memory", "Cache=Shared")]
    [InlineData("Nonsense=1", "")]
    public void A_connection_string_that_cannot_work_on_SQLite_is_refused_at_once(string connectionString, string says)
    {
        var refused = Assert.ThrowsAny<ArgumentException>(() => new AgentPersistenceOptions().UseSqlite(connectionString));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Database=agents")]
    [InlineData("Nonsense=1")]
    public void A_connection_string_that_cannot_work_on_PostgreSQL_is_refused_at_once(string connectionString) =>
        Assert.ThrowsAny<ArgumentException>(() => new AgentPersistenceOptions().UsePostgreSql(connectionString));

    [Fact]
    public void A_data_source_of_another_provider_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new AgentPersistenceOptions().UsePostgreSql(new Mock<DbDataSource>().Object));

        Assert.Contains("NpgsqlDataSource", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data/agents.sqlite", "Data Source=/data/agents.sqlite")]
    [InlineData("/data/a;b.sqlite", "Data Source=\"/data/a;b.sqlite\"")]
    [InlineData(null, "Data Source=agent_state.sqlite")]
    [InlineData(" ", "Data Source=agent_state.sqlite")]
    public void The_default_database_is_SQLite_at_the_path_in_the_environment(string? path, string connectionString)
    {
        var before = Environment.GetEnvironmentVariable("AGENT_DB_PATH");
        try
        {
            Environment.SetEnvironmentVariable("AGENT_DB_PATH", path);

            Assert.Equal(connectionString, DatabaseChoice.Default().ConnectionString);
        }
        finally
        {
            Environment.SetEnvironmentVariable("AGENT_DB_PATH", before);
        }
    }

    [Fact]
    public void Options_never_show_a_password()
    {
        var choice = DatabaseChoice.PostgreSql("Host=localhost;Username=u;Password=secret");

        Assert.DoesNotContain("secret", choice.ToString(), StringComparison.Ordinal);
    }

    private static object Beyond(Type type) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? Beyond(underlying)
        : type == typeof(TimeSpan) ? TimeSpan.FromDays(-1)
        : Convert.ChangeType(-1, type, CultureInfo.InvariantCulture);

    private static IEnumerable<(string Path, Type Type)> Sections() =>
        from property in typeof(AgentPersistenceOptions).GetProperties().Prepend(null)
        let type = property?.PropertyType ?? typeof(AgentPersistenceOptions)
        where type.Assembly == typeof(AgentPersistenceOptions).Assembly
        select (property?.Name ?? nameof(AgentPersistenceOptions), type);
}
