using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Knowledge;

namespace AgentPersistence.ConformanceTests.Knowledge;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class KnowledgeLostAnswerTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task A_registration_and_a_removal_whose_answers_were_lost_are_the_successes_they_were()
    {
        var file = NewId("file");

        var lost = Proxy.LoseNextAnswerTo(file);
        var stored = await BehindProxy.Knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = file, Title = "t" }, Cancellation);
        await lost;

        Assert.Equal(stored, await Agent.Knowledge.FindAsync(file, Cancellation));

        lost = Proxy.LoseNextAnswerTo(file);
        Assert.True(await BehindProxy.Knowledge.RemoveAsync(file, Cancellation));
        await lost;

        Assert.Null(await Agent.Knowledge.FindAsync(file, Cancellation));
    }
}
