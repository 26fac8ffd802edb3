#pragma once

#include <string>
#include <string_view>

namespace annotomy {

// What may stay of a description under the Clean Descriptors option: words of a closed vocabulary
// (techniques, planes, anatomy, common tumour and organ names) and numbers of up to two digits, in order.
// Nobody is called by them; everything else goes.
std::string knownWordsOf(std::string_view description);

} // namespace annotomy
