using AgentPersistence.Auditing;

namespace AgentPersistence.Tests.Auditing;

public class AuditErasureTests
{
    [Fact]
    public void An_erasure_names_exactly_one()
    {
        Assert.Equal(("u1", null, null), Members(AuditErasure.ByUser("u1")));
        Assert.Equal((null, "s1", null), Members(AuditErasure.BySession("s1")));
        Assert.Equal((null, null, "r1"), Members(AuditErasure.ByRun("r1")));
        Assert.Equal(AuditErasure.ByUser("u1"), AuditErasure.ByUser("u1"));
        Assert.NotEqual(AuditErasure.ByUser("x"), AuditErasure.ByRun("x"));
    }

    [Fact]
    public void An_erasure_of_nobody_is_refused() =>
        Assert.Equal("userId", Assert.Throws<ArgumentException>(() => AuditErasure.ByUser(" ")).ParamName);

    private static (string?, string?, string?) Members(AuditErasure erasure) => (erasure.UserId, erasure.SessionId, erasure.RunId);
}
