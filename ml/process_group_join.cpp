#include "ml/internal/process_group.h"

#ifdef ANNOTOMY_GLOO

#ifndef USE_C10D_GLOO // LibTorch's own targets define it
#define USE_C10D_GLOO
#endif
#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/version.h>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace annotomy {

namespace {

using Milliseconds = std::chrono::milliseconds;

// Over TCP. Tensors of a CUDA device travel by way of the host's memory.
class GlooGroup : public ProcessGroup {
public:
    GlooGroup(const GroupPlace& place, c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo)
        : ProcessGroup(place), m_gloo(std::move(gloo))
    {
    }

private:
    void reduce(at::Tensor& flat) override
    {
        std::vector<at::Tensor> tensors{flat.to(at::kCPU)};
        m_gloo->allreduce(tensors)->wait();
        flat = tensors.front().to(flat.device());
    }

    void broadcast(at::Tensor& flat, int from) override
    {
        std::vector<at::Tensor> tensors{flat.to(at::kCPU)};
        c10d::BroadcastOptions options;
        options.rootRank = from;
        m_gloo->broadcast(tensors, options)->wait();
        flat = tensors.front().to(flat.device());
    }

    c10::intrusive_ptr<c10d::ProcessGroupGloo> m_gloo;
};

// This host's address on the way to another; empty when there is no way.
std::string ownAddressTowards(const std::string& host, int port)
{
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_socktype = SOCK_DGRAM; // nothing is sent: connecting asks for the route
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
        return {};
    std::string address;
    for (const addrinfo* one = found; one && address.empty(); one = one->ai_next) {
        const int handle = socket(one->ai_family, one->ai_socktype, 0);
        if (handle < 0)
            continue;
        sockaddr_storage own{};
        socklen_t size = sizeof own;
        char text[NI_MAXHOST] = {};
        auto* generic = reinterpret_cast<sockaddr*>(&own);
        if (connect(handle, one->ai_addr, one->ai_addrlen) == 0 && getsockname(handle, generic, &size) == 0
            && getnameinfo(generic, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
            address = text;
        close(handle);
    }
    freeaddrinfo(found);
    return address;
}

std::shared_ptr<gloo::transport::Device> deviceFor(const GroupPlace& place)
{
    if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"))
        return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
    const std::string address = ownAddressTowards(place.masterHost, place.masterPort);
    return address.empty() ? c10d::ProcessGroupGloo::createDefaultDevice()
                           : c10d::ProcessGroupGloo::createDeviceForHostname(address);
}

c10::intrusive_ptr<c10d::TCPStore> storeOf(const GroupPlace& place, Milliseconds patience)
{
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(place.masterPort);
    options.isServer = place.rank == 0;
    options.numWorkers = static_cast<std::size_t>(place.world);
    options.timeout = patience;
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 3
    options.useLibUV = false;
#endif
    return c10::make_intrusive<c10d::TCPStore>(place.masterHost, options);
}

std::string whatFailed(const GroupPlace& place, std::chrono::seconds patience)
{
    const std::string master = place.masterHost + ':' + std::to_string(place.masterPort);
    const std::string within = " within " + std::to_string(patience.count()) + " s";
    if (place.rank > 0)
        return "process 0 could not be reached at " + master + ", or the others did not all come" + within;
    return "not all of the " + std::to_string(place.world) + " processes came to " + master + within
        + ", or the port is in use";
}

} // namespace

Result<std::shared_ptr<ProcessGroup>> joinGroup(const GroupPlace& place, std::chrono::seconds patience)
try {
    const auto store = storeOf(place, patience);
    const auto options = c10d::ProcessGroupGloo::Options::create(patience);
    options->devices.push_back(deviceFor(place));
    auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.world, options);
    return std::shared_ptr<ProcessGroup>(std::make_shared<GlooGroup>(place, std::move(gloo)));
} catch (const std::exception&) {
    return Error{ErrorCode::WorkerDied, "the training", whatFailed(place, patience)};
}

} // namespace annotomy

#else

namespace annotomy {

Result<std::shared_ptr<ProcessGroup>> joinGroup(const GroupPlace&, std::chrono::seconds)
{
    return Error{ErrorCode::Unsupported, "training over several processes",
                 "this annotomy-worker was built without Gloo's headers (libgloo-dev)"};
}

} // namespace annotomy

#endif
