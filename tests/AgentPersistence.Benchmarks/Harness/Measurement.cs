namespace AgentPersistence.Benchmarks.Harness;

/// <summary>What one slice has shown.</summary>
/// <param name="PerSecond">Operations acknowledged in a second.</param>
/// <param name="Median">How long half of the calls took at most; NaN where a peer does not tell.</param>
/// <param name="Percentile99">How long 99 of 100 calls took at most.</param>
/// <param name="BytesPerOperation">What the process allocated for one operation; NaN for another process.</param>
internal readonly record struct Measurement(
    double PerSecond, double Median, double Percentile99 = double.NaN, double BytesPerOperation = double.NaN);
