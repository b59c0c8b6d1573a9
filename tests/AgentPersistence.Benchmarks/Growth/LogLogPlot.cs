using System.Globalization;
using System.Text;

namespace AgentPersistence.Benchmarks.Growth;

/// <summary>Lines over two logarithmic axes, as a picture that a browser shows: a cost that does not grow is a level line.</summary>
internal sealed class LogLogPlot(string title, string horizontal, string vertical)
{
    private const int Width = 800;
    private const int Height = 440;
    private const int Left = 80;
    private const int Right = 520;
    private const int Top = 40;
    private const int Bottom = 390;
    private const string Grid = "#ddd";

    private static readonly string[] Colours =
        ["#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#2a9d8f", "#6d597a", "#444444", "#d1495b", "#7a9e00"];

    private readonly List<(string Name, IReadOnlyList<(double X, double Y)> Points)> _lines = [];

    /// <summary>A line through those of the points that were measured.</summary>
    public void Add(string name, IEnumerable<(double X, double Y)> points) => _lines.Add((name, [.. points.Where(p => double.IsFinite(p.Y))]));

    public string ToSvg()
    {
        var points = _lines.SelectMany(line => line.Points).ToList();
        var (x, y) = (new Axis(points.Select(p => p.X), Left, Right), new Axis(points.Select(p => p.Y), Bottom, Top));
        string[] elements =
        [
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""",
            $"""<rect width="{Width}" height="{Height}" fill="white"/>""",
            $"""<text x="{Left}" y="20" font-size="15">{title}</text>""",
            Text((Left + Right) / 2, Height - 10, "middle", horizontal),
            $"""<text x="16" y="{Height / 2}" text-anchor="middle" transform="rotate(-90 16 {Height / 2})">{vertical}</text>""",
            .. x.Decades.Select(d => Path([(x.At(d), Top), (x.At(d), Bottom)], Grid) + Text(x.At(d), Bottom + 18, "middle", Power(d))),
            .. y.Decades.Select(d => Path([(Left, y.At(d)), (Right, y.At(d))], Grid) + Text(Left - 8, y.At(d) + 4, "end", Power(d))),
            .. _lines.SelectMany((line, i) => Line(
                line.Name, [.. line.Points.Select(p => (x.At(Math.Log10(p.X)), y.At(Math.Log10(p.Y))))], i)),
            "</svg>",
        ];
        return string.Join('\n', elements) + "\n";
    }

    private static IEnumerable<string> Line(string name, IReadOnlyList<(double X, double Y)> points, int number)
    {
        // Where the colours are used up, the lines that follow are dashed.
        var (colour, dash, level) = (Colours[number % Colours.Length], number < Colours.Length ? "" : "6 4", Top + 14 + (18 * number));
        yield return Path(points, colour, width: 2, dash);
        foreach (var (x, y) in points)
        {
            yield return $"""<circle cx="{Pixels(x)}" cy="{Pixels(y)}" r="3" fill="{colour}"/>""";
        }

        yield return Path([(Right + 12, level - 4), (Right + 32, level - 4)], colour, width: 2, dash);
        yield return Text(Right + 38, level, "start", name, colour);
    }

    private static string Path(IEnumerable<(double X, double Y)> points, string colour, int width = 1, string dash = "")
    {
        var line = string.Join('L', points.Select(p => $"{Pixels(p.X)} {Pixels(p.Y)}"));
        var dashed = dash.Length == 0 ? "" : $" stroke-dasharray=\"{dash}\"";
        return $"""<path d="M{line}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}/>""";
    }

    private static string Text(double x, double y, string anchor, string text, string colour = "black") =>
        $"""<text x="{Pixels(x)}" y="{Pixels(y)}" text-anchor="{anchor}" fill="{colour}">{text}</text>""";

    private static string Power(int decade) => $"""10<tspan dy="-5" font-size="9">{decade}</tspan>""";

    private static string Pixels(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>The powers of ten around some values, from one pixel to another.</summary>
    private sealed class Axis
    {
        private readonly (int From, int To) _pixels;

        public Axis(IEnumerable<double> values, int from, int to)
        {
            var logarithms = values.Select(Math.Log10).ToList();
            var first = (int)Math.Floor(logarithms.Min());
            Decades = [.. Enumerable.Range(first, Math.Max((int)Math.Ceiling(logarithms.Max()) - first, 1) + 1)];
            _pixels = (from, to);
        }

        public IReadOnlyList<int> Decades { get; }

        public double At(double logarithm) =>
            _pixels.From + ((logarithm - Decades[0]) / (Decades[^1] - Decades[0]) * (_pixels.To - _pixels.From));
    }
}
