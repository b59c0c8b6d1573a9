using System.Diagnostics.Metrics;

namespace AgentPersistence.Internal;

/// <summary>The one meter of the library.</summary>
internal static class AgentMeter
{
    public static readonly Meter Meter = new("AgentPersistence");
}
