#include "core/learn/compute_report.h"

#include "core/learn/learn_json.h"

#include <nlohmann/json.hpp>

namespace annotomy {

namespace {

using Json = nlohmann::json;

constexpr double mostBytes = 1e18;

Json toJson(const DeviceReport& device)
{
    return {{"device", device.device},
            {"name", device.name},
            {"memory", device.memory},
            {"memoryFree", device.memoryFree},
            {"multiplicationsPerSecond", device.multiplicationsPerSecond},
            {"difference", device.difference},
            {"failure", device.failure}};
}

void readBytes(JsonFields& fields, const char* name, std::int64_t& bytes)
{
    double value = 0;
    fields.number(name, value, 0, mostBytes);
    bytes = static_cast<std::int64_t>(value);
}

void readDevice(JsonFields& fields, DeviceReport& device)
{
    fields.require({"device"});
    fields.text("device", device.device, 64);
    fields.text("name", device.name, 1024);
    readBytes(fields, "memory", device.memory);
    readBytes(fields, "memoryFree", device.memoryFree);
    fields.number("multiplicationsPerSecond", device.multiplicationsPerSecond, 0, greatestNumber);
    fields.number("difference", device.difference, 0, 1);
    fields.text("failure", device.failure, 65536);
}

} // namespace

Json toJson(const ComputeReport& report)
{
    Json devices = Json::array();
    for (const DeviceReport& device : report.devices)
        devices.push_back(toJson(device));
    return {{"libTorch", report.libTorch}, {"builtForCuda", report.builtForCuda},
            {"driver", report.driver},     {"noGpu", report.noGpu},
            {"threads", report.threads},   {"tested", report.tested},
            {"devices", devices}};
}

void readComputeReport(JsonFields& fields, ComputeReport& report)
{
    fields.require({"libTorch", "devices"});
    fields.text("libTorch", report.libTorch, 64);
    fields.flag("builtForCuda", report.builtForCuda);
    fields.text("driver", report.driver, 64);
    fields.text("noGpu", report.noGpu, 65536);
    fields.integer("threads", report.threads, 1, 4096);
    fields.flag("tested", report.tested);
    fields.objects("devices", [&](JsonFields& inner) { readDevice(inner, report.devices.emplace_back()); });
}

} // namespace annotomy
