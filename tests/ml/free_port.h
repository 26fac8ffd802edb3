#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace annotomy::test {

// A TCP port of this machine that nobody listens on at the moment.
inline int freePort()
{
    const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool known = ::bind(handle, generic, size) == 0 && ::getsockname(handle, generic, &size) == 0;
    ::close(handle);
    return known ? ntohs(address.sin_port) : 0;
}

} // namespace annotomy::test
