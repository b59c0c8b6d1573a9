using AgentPersistence.Incidents;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedIncidentTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    private readonly Mock<IIncidentMemory> _memory = new();

    public static TheoryData<Exception, string> Refusals => new()
    {
        { new IncidentConflictException(Id), "another incident" },
        { new IncidentNotFoundException(Id), "gone" },
        { new IncidentClosedException(Id, IncidentOutcome.Failed), "it was Failed" },
    };

    [Fact]
    public async Task The_memory_can_be_mocked_to_know_an_incident_or_none()
    {
        _memory.SetupSequence(m => m.FindSimilarAsync("disk", 1, null, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new SimilarIncidents())
            .ReturnsAsync(new SimilarIncidents
            {
                Ranking = IncidentRanking.Vector,
                Matches = [new SimilarIncident(new Incident { RootCause = "log rotation" }, 0.9)],
            });

        Assert.Equal("cured somehow, found by FullText", await new FirstAid(_memory.Object).TreatAsync("disk", Id));
        Assert.Equal("cured log rotation, found by Vector", await new FirstAid(_memory.Object).TreatAsync("disk", Id));
        _memory.Verify(m => m.UpdateOutcomeAsync(
            Id, new IncidentUpdate { Outcome = IncidentOutcome.Completed }, It.IsAny<CancellationToken>()));
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task Every_refusal_can_be_mocked(Exception refusal, string expected)
    {
        _memory.Setup(m => m.FindSimilarAsync(It.IsAny<string>(), 1, null, It.IsAny<CancellationToken>())).ReturnsAsync(new SimilarIncidents());
        _memory.Setup(m => m.RecordAsync(It.IsAny<NewIncident>(), It.IsAny<CancellationToken>())).ThrowsAsync(refusal);

        Assert.Equal(expected, await new FirstAid(_memory.Object).TreatAsync("disk", Id));
    }

    [Fact]
    public async Task The_newest_are_asked_of_the_query_that_a_mock_answers()
    {
        _memory.Setup(m => m.QueryAsync(new IncidentQuery { Limit = 10 }, It.IsAny<CancellationToken>())).ReturnsAsync([new Incident { Id = Id }]);

        Assert.Equal(Id, Assert.Single(await _memory.Object.GetRecentAsync()).Id);
    }
}
