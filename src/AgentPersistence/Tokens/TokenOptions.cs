using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Tokens;

/// <summary>How the token ledger prices calls, and defaults for reservations.</summary>
public sealed class TokenOptions
{
    /// <summary>The default of <see cref="Currency"/>.</summary>
    public const string DefaultCurrency = "USD";

    /// <summary>The default of <see cref="ReservationTimeToLive"/>: 10 minutes.</summary>
    public static readonly TimeSpan DefaultReservationTimeToLive = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Says what a call costs that is logged without a cost, in <see cref="Currency"/>; null where it does not know. Called once for each
    /// such entry, before it is stored; what it throws goes to the caller, and nothing is stored.
    /// </summary>
    /// <remarks>Its answer, 0 to 9,000,000, is rounded once to twelve decimals and kept with the entry.</remarks>
    /// <value>The default is null: such entries have no cost.</value>
    public Func<TokenPriceRequest, decimal?>? Pricing { get; set; }

    /// <summary>The currency of <see cref="Pricing"/>, and of a cost that names none: three capital letters as in ISO 4217.</summary>
    /// <value>USD.</value>
    [Required]
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = DefaultCurrency;

    /// <summary>How long a reservation holds what it took when it does not say so itself.</summary>
    /// <remarks>From one second to seven days.</remarks>
    /// <value>10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan ReservationTimeToLive { get; set; } = DefaultReservationTimeToLive;
}
