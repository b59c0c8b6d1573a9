using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AgentPersistence.Tests;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Library = typeof(IAgentDatabase).Assembly;
    private static readonly string Source = Path.Combine("src", "AgentPersistence");

    // The classes that are meant to be derived from or are made whole by a tool, with the reason.
    private static readonly Dictionary<string, string> MayBeOpen = new()
    {
        [nameof(AgentPersistenceException)] = "what every exception of the library derives from",
    };

    private static IEnumerable<Type> Written => Library.GetTypes().Where(type =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.Namespace?.StartsWith("AgentPersistence", StringComparison.Ordinal) == true
        && !Generated().IsMatch(type.Namespace));

    [Fact]
    public void Every_implementation_of_a_public_interface_is_internal_and_sealed()
    {
        var implementations = Written.Where(
            type => type.IsClass && type.GetInterfaces().Any(i => i.IsPublic && i.Assembly == Library)).ToList();

        Assert.NotEmpty(implementations);
        Assert.All(implementations, type => Assert.True(type is { IsSealed: true, IsPublic: false, IsNestedPublic: false }, type.FullName));
    }

    [Fact]
    public void Every_class_that_nothing_derives_from_is_sealed()
    {
        var bases = Library.GetTypes().Select(type => type.BaseType).OfType<Type>()
            .Select(b => b.IsGenericType ? b.GetGenericTypeDefinition() : b).ToHashSet();

        Assert.All(
            Written.Where(type => type.IsClass && !bases.Contains(type) && !MayBeOpen.ContainsKey(type.Name)),
            type => Assert.True(type.IsSealed, $"{type.FullName} is neither sealed nor derived from."));
    }

    [Fact]
    public void Nothing_below_Storage_Providers_Internal_or_Database_is_exported()
    {
        Assert.DoesNotContain(Library.GetExportedTypes(), type => Hidden().IsMatch(type.Namespace!));
    }

    [Fact]
    public void Every_asynchronous_method_ends_in_Async_and_takes_a_cancellation_token_last()
    {
        var methods = Library.GetExportedTypes().SelectMany(type => type.GetMethods()).Where(IsOwn).ToList();
        var asynchronous = methods.Where(m => IsAwaitable(m.ReturnType) && m.Name != nameof(IAsyncDisposable.DisposeAsync)).ToList();

        Assert.NotEmpty(asynchronous);
        Assert.All(asynchronous, method =>
        {
            var last = method.GetParameters().LastOrDefault();
            Assert.EndsWith("Async", method.Name, StringComparison.Ordinal);
            Assert.True(
                last is { Name: "cancellationToken", HasDefaultValue: true } && last.ParameterType == typeof(CancellationToken),
                $"{method.DeclaringType}.{method.Name} does not take cancellationToken = default last.");
        });
        Assert.All(
            methods.Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal)), m => Assert.True(IsAwaitable(m.ReturnType), m.Name));
    }

    [Fact]
    public void Inside_too_what_another_class_awaits_ends_in_Async_and_nothing_else_does()
    {
        var methods = Written.SelectMany(type => type.GetMethods(All)).Where(IsOwn)
            .Where(m => !m.IsPrivate && !m.IsSpecialName && !m.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Where(m => !m.Name.Contains('<', StringComparison.Ordinal));

        Assert.All(methods.Where(m => !IsOverrideOfAnother(m)), method => Assert.True(
            IsAwaitable(method.ReturnType) == method.Name.EndsWith("Async", StringComparison.Ordinal),
            $"{method.DeclaringType}.{method.Name}"));
    }

    [Fact]
    public void The_public_surface_names_no_type_of_EF_Core_or_of_a_provider()
    {
        var named = PublicApi.Types(Library).Where(type => Foreign().IsMatch(type.Assembly.GetName().Name!));

        Assert.Empty(named);
    }

    [Fact]
    public void The_root_of_a_feature_mentions_neither_EF_Core_nor_a_provider()
    {
        var features = Directory.GetDirectories(SolutionFiles.PathOf(Source))
            .Where(folder => Directory.Exists(Path.Combine(folder, "Storage"))).Select(folder => Path.GetFileName(folder)).ToList();
        var files = features.SelectMany(
            feature => SolutionFiles.Code(Path.Combine(Source, feature)).Where(f => Path.GetFileName(Path.GetDirectoryName(f)) == feature));

        Assert.NotEmpty(features);
        Assert.All(files, file => Assert.False(Foreign().IsMatch(SolutionFiles.Read(file)), file));
    }

    [Fact]
    public void Only_the_providers_name_a_provider()
    {
        // The options' documentation says which data source they take.
        var files = SolutionFiles.Code(Source).Where(file =>
            !file.Contains($"{Path.DirectorySeparatorChar}Providers{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        Assert.All(files, file => Assert.False(ProviderNamespace().IsMatch(SolutionFiles.Read(file)), file));
    }

    [Fact]
    public void No_type_or_folder_has_a_name_that_says_nothing()
    {
        Assert.DoesNotContain(Written, type => EmptyName().IsMatch(type.Name.Split('`')[0]));
        Assert.DoesNotContain(
            SolutionFiles.Code(),
            file => Path.ChangeExtension(file, null).Split(Path.DirectorySeparatorChar).Any(part => EmptyName().IsMatch(part)));
    }

    [Fact]
    public void Public_exceptions_can_be_made_by_a_mock()
    {
        Assert.All(
            Library.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception))),
            type => Assert.NotEmpty(type.GetConstructors()));
    }

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static bool IsOwn(MethodInfo method) => method.DeclaringType?.Assembly == Library;

    private static bool IsOverrideOfAnother(MethodInfo method) =>
        method.GetBaseDefinition().DeclaringType?.Assembly != Library
        || method.DeclaringType!.GetInterfaces().Where(i => i.Assembly != Library).Any(i => i.GetMethod(method.Name) is not null);

    private static bool IsAwaitable(Type type) =>
        type.IsAssignableTo(typeof(Task)) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    [GeneratedRegex(@"\.(Migrations|CompiledModel)$")]
    private static partial Regex Generated();

    [GeneratedRegex(@"\.(Storage|Providers|Internal|Database)(\.|$)")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"EntityFrameworkCore|Npgsql|Microsoft\.Data\.Sqlite|SQLitePCL")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"using (Npgsql|Microsoft\.Data\.Sqlite|SQLitePCL)|\bIsSqlite\b|\bIsNpgsql\b|UseNpgsql\(|UseSqlite\(o")]
    private static partial Regex ProviderNamespace();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Base)$")]
    private static partial Regex EmptyName();
}
