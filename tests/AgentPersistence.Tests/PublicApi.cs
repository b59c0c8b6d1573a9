using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentPersistence.Tests;

/// <summary>
/// The exported types of an assembly and their members, one line each, in C#'s words. What the compiler makes of a record is left to
/// the word <c>record</c>.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string[] Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)];

    /// <summary>Every type that the exported members and base types name, generic arguments included.</summary>
    public static IEnumerable<Type> Types(Assembly assembly)
    {
        var named =
            from type in assembly.GetExportedTypes()
            from used in Used(type).Concat(type.GetMembers(Declared).Where(m => Line(type, m) is not null).SelectMany(Used))
            from part in Parts(used)
            select part;
        return named.Distinct();
    }

    private static IEnumerable<Type> Used(MemberInfo member) => member switch
    {
        Type type => [.. type.GetInterfaces(), type.BaseType ?? typeof(object)],
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType],
        MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(p => p.ParameterType)],
        MethodBase constructor => constructor.GetParameters().Select(p => p.ParameterType),
        _ => [],
    };

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Prepend(type);

    private static IEnumerable<string> Lines(Type type)
    {
        var name = $"{type.Namespace}.{ApiNames.Of(type)}";
        yield return $"{name}: {Kind(type)}{Bases(type)}";
        foreach (var member in type.GetMembers(Declared).Where(m => m is not Type))
        {
            if (Line(type, member) is { } line)
            {
                yield return $"{name}.{line}";
            }
        }
    }

    private static string? Line(Type type, MemberInfo member) => member switch
    {
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => null,
        FieldInfo { IsSpecialName: false } field when IsVisible(field.Attributes) => type.IsEnum
            ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
            : $"{field.Name}: {Modifiers(field)}{ApiNames.Of(field)}{Constant(field)}",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors =>
            $"{property.Name}: {Static(property.GetMethod)}{Required(property)}{ApiNames.Of(property)} {{ {accessors} }}",
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => $"{ApiNames.Bare(type)}({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) =>
            $"{method.Name}{Generics(method)}({Parameters(method)}): {Static(method)}{ApiNames.Of(method.ReturnParameter)}",
        _ => null,
    };

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType
            ? (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (IsRecord(type) ? "record struct" : "struct")
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : (type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "") + (IsRecord(type) ? "record" : "class");

    // Every record has it, class or struct, and nobody else writes it.
    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared) is not null;

    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            return "";
        }

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited)
            .Where(i => !IsRecord(type) || i.Name != "IEquatable`1")
            .Select(ApiNames.Of).Order(StringComparer.Ordinal);
        var parent = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? [ApiNames.Of(b)] : Array.Empty<string>();
        return string.Concat(parent.Concat(bases).Select((text, i) => (i == 0 ? " : " : ", ") + text));
    }

    private static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select(p =>
            (isExtension && p.Position == 0 ? "this " : p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
            + $"{ApiNames.Of(p)} {p.Name}{(p.HasDefaultValue ? $" = {ApiNames.Value(p.DefaultValue)}" : "")}"));
    }

    private static string Accessors(PropertyInfo property)
    {
        string?[] accessors = [Accessor(property.GetMethod, "get"), Accessor(property.SetMethod, IsInit(property) ? "init" : "set")];
        return string.Join(' ', accessors.OfType<string>().Select(a => $"{a};"));
    }

    private static string? Accessor(MethodInfo? accessor, string word) =>
        accessor is null || !IsVisible(accessor) ? null : accessor.IsPublic ? word : $"protected {word}";

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(t => t.Name))}>" : "";

    private static string Modifiers(FieldInfo field) =>
        field.IsLiteral ? "const " : Static(field.IsStatic) + (field.IsInitOnly ? "readonly " : "");

    private static string Constant(FieldInfo field) => field.IsLiteral ? $" = {ApiNames.Value(field.GetRawConstantValue())}" : "";

    private static string Required(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";

    private static string Static(MethodInfo? method) => Static(method is { IsStatic: true });

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;
}
