namespace AgentPersistence.Incidents;

/// <summary>An incident that resembles a signal.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Score">
/// How much, more being better. <see cref="IncidentRanking.Vector"/>: the cosine, −1 to 1. <see cref="IncidentRanking.FullText"/>: the
/// share of the signal's weight that the incident has, more than 0; about 1 where it has all of its words, above 1 where it is shorter
/// than most. Comparable within one answer.
/// </param>
public sealed record SimilarIncident(Incident Incident, double Score);
