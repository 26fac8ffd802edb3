#pragma once

#include <string>

namespace annotomy {

// Who becomes whom: new UIDs, pseudonyms and date shifts as functions of the original and a secret. The same
// secret gives the same answers in every run; without it nobody finds the original, even by trying them all.
// Thread-safe.
class IdentityMap {
public:
    explicit IdentityMap(std::string secret) : m_secret(std::move(secret)) {}

    // A new one, of 256 random bits, as hexadecimal text.
    static std::string randomSecret();

    std::string uid(const std::string& original) const;         // "2.25." and a UUID (PS3.5, B.2)
    std::string pseudonym(const std::string& patientKey) const; // "Anon-1a2b3c4d5e"
    std::string label(const std::string& original) const;       // for other texts that must stay apart
    int dayShift(const std::string& patientKey) const;          // -3650 to -1

private:
    std::string m_secret;
};

} // namespace annotomy
