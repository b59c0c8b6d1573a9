using System.Collections.Specialized;
using System.Text.Json;
using Quartz.Spi;

namespace AgentPersistence.Benchmarks.Jobs.Quartz;

/// <summary>How Quartz stores a trigger's data, which are texts here: as JSON.</summary>
internal sealed class PropertySerializer : IObjectSerializer
{
    public void Initialize()
    {
    }

    public byte[] Serialize<T>(T obj)
        where T : class
    {
        var properties = (NameValueCollection)(object)obj;
        return JsonSerializer.SerializeToUtf8Bytes(properties.AllKeys.ToDictionary(key => key!, key => properties[key]));
    }

    public T? DeSerialize<T>(byte[] data)
        where T : class
    {
        var properties = new NameValueCollection();
        foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, string?>>(data)!)
        {
            properties.Add(key, value);
        }

        return (T)(object)properties;
    }
}
