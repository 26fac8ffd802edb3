#include "core/io/tensors/torch_weights.h"

#include "core/io/tensors/pickle.h"
#include "core/io/tensors/torch_archive.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

namespace annotomy {

namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t largestPickle = 4 << 20;
constexpr std::size_t mostTensors = 100'000;
constexpr std::size_t mostAxes = 16;
constexpr std::uint64_t mostSharing = 4; // all tensors together, to the file: some may share their storage

const std::map<std::string, TensorType> typesByStorage{
    {"torch.DoubleStorage", TensorType::Float64}, {"torch.FloatStorage", TensorType::Float32},
    {"torch.HalfStorage", TensorType::Float16},   {"torch.BFloat16Storage", TensorType::BFloat16},
    {"torch.LongStorage", TensorType::Int64},     {"torch.IntStorage", TensorType::Int32},
    {"torch.ShortStorage", TensorType::Int16},    {"torch.CharStorage", TensorType::Int8},
    {"torch.ByteStorage", TensorType::UInt8},     {"torch.BoolStorage", TensorType::Bool}};

constexpr const char* rebuiltTensor = "torch._utils._rebuild_tensor_v2";
constexpr const char* rebuiltParameter = "torch._utils._rebuild_parameter";

bool isKnownGlobal(const std::string& global)
{
    return global == "collections.OrderedDict" || global == rebuiltTensor || global == rebuiltParameter ||
           global == "torch.Size" || typesByStorage.contains(global);
}

// Makes tensors of what the pickle calls.
class WeightReader {
public:
    WeightReader(const TorchArchive& archive, const PickleDocument& document, const std::string& path)
        : m_archive(archive), m_document(document), m_path(path)
    {
    }

    Result<std::vector<StoredTensor>> tensorsOf(const PickleValue& dictionary)
    {
        std::vector<StoredTensor> tensors;
        for (std::size_t n = 0; n + 1 < dictionary.items.size(); n += 2) {
            const PickleValue& key = m_document.at(dictionary.items[n]);
            const PickleValue* call = tensorCall(m_document.at(dictionary.items[n + 1]));
            if (key.kind != Kind::Text || !call)
                continue;
            if (tensors.size() == mostTensors)
                return Error{ErrorCode::Unsupported, m_path, "the file holds too many tensors"};
            Result<StoredTensor> tensor = tensorOf(key.text, *call);
            if (!tensor)
                return tensor.error();
            tensors.push_back(*std::move(tensor));
        }
        return tensors;
    }

    bool holdsTensors(const PickleValue& value) const
    {
        if (value.kind != Kind::Dictionary)
            return false;
        for (std::size_t n = 1; n < value.items.size(); n += 2)
            if (tensorCall(m_document.at(value.items[n])))
                return true;
        return false;
    }

private:
    Error malformed(const std::string& name) const
    {
        return {ErrorCode::Malformed, m_path, "the tensor \"" + name.substr(0, 100) + "\" contradicts itself"};
    }

    const PickleValue* item(const PickleValue& list, std::size_t n) const
    {
        return list.kind == Kind::List && n < list.items.size() ? &m_document.at(list.items[n]) : nullptr;
    }

    // The call that rebuilds a tensor, also the one within a parameter; nullptr for anything else.
    const PickleValue* tensorCall(const PickleValue& value) const
    {
        if (value.kind != Kind::Call)
            return nullptr;
        const std::string& function = m_document.at(value.items[0]).text;
        if (function == rebuiltTensor)
            return &value;
        const PickleValue* inner = function == rebuiltParameter ? item(m_document.at(value.items[1]), 0) : nullptr;
        return inner && inner->kind == Kind::Call && m_document.at(inner->items[0]).text == rebuiltTensor ? inner : nullptr;
    }

    std::optional<std::vector<std::int64_t>> integers(const PickleValue* list) const
    {
        if (!list || list->kind != Kind::List || list->items.size() > mostAxes)
            return std::nullopt;
        std::vector<std::int64_t> values;
        for (const std::uint32_t place : list->items) {
            const PickleValue& value = m_document.at(place);
            if (value.kind != Kind::Integer || value.integer < 0)
                return std::nullopt;
            values.push_back(value.integer);
        }
        return values;
    }

    struct Storage {
        TensorType type{};
        const std::vector<std::byte>* bytes = nullptr;
    };

    // ("storage", its type, its record's name, device, number of elements)
    Result<Storage> storageOf(const std::string& name, const PickleValue* reference)
    {
        const PickleValue* id = reference && reference->kind == Kind::Reference ? &m_document.at(reference->items[0]) : nullptr;
        const PickleValue* type = id ? item(*id, 1) : nullptr;
        const PickleValue* record = id ? item(*id, 2) : nullptr;
        if (!type || type->kind != Kind::Global || !record || record->kind != Kind::Text)
            return malformed(name);
        const auto known = typesByStorage.find(type->text);
        if (known == typesByStorage.end())
            return malformed(name);
        const std::string path = "data/" + record->text;
        auto found = m_storages.find(path);
        if (found == m_storages.end()) {
            auto bytes = m_archive.read(path, m_archive.fileSize());
            if (!bytes)
                return bytes.error();
            found = m_storages.emplace(path, *std::move(bytes)).first;
        }
        return Storage{known->second, &found->second};
    }

    // (storage, offset, shape, strides, ...)
    Result<StoredTensor> tensorOf(const std::string& name, const PickleValue& call)
    {
        const PickleValue& arguments = m_document.at(call.items[1]);
        const Result<Storage> storage = storageOf(name, item(arguments, 0));
        if (!storage)
            return storage.error();
        const PickleValue* offset = item(arguments, 1);
        const auto shape = integers(item(arguments, 2)), strides = integers(item(arguments, 3));
        if (!offset || offset->kind != Kind::Integer || offset->integer < 0 || !shape || !strides ||
            shape->size() != strides->size())
            return malformed(name);
        const std::size_t width = sizeOf(storage->type);
        const std::uint64_t stored = storage->bytes->size() / width;
        const auto count = elementCount(*shape, stored);
        if (!count || !fits(*shape, *strides, static_cast<std::uint64_t>(offset->integer), stored, *count))
            return malformed(name);
        m_total += *count * width;
        if (m_total > mostSharing * m_archive.fileSize())
            return Error{ErrorCode::Malformed, m_path, "the tensors are larger than the file"};
        StoredTensor tensor{name, storage->type, *shape, {}};
        tensor.bytes.resize(static_cast<std::size_t>(*count) * width);
        if (*count > 0)
            gather(tensor, *strides, storage->bytes->data() + static_cast<std::size_t>(offset->integer) * width, width);
        return tensor;
    }

    // Whether the last element lies in the storage.
    static bool fits(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides, std::uint64_t offset,
                     std::uint64_t stored, std::uint64_t count)
    {
        if (count == 0)
            return true;
        if (offset >= stored)
            return false;
        std::uint64_t left = stored - 1 - offset;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            const auto steps = static_cast<std::uint64_t>(shape[axis] - 1), stride = static_cast<std::uint64_t>(strides[axis]);
            if (steps > 0 && stride > left / steps)
                return false;
            left -= steps * stride;
        }
        return true;
    }

    // Requires elements, all of them in the storage.
    static void gather(StoredTensor& tensor, std::vector<std::int64_t> strides, const std::byte* first, std::size_t width)
    {
        for (std::size_t axis = 0; axis < strides.size(); ++axis)
            if (tensor.shape[axis] == 1)
                strides[axis] = 0; // is never stepped over and may be anything
        std::vector<std::int64_t> index(tensor.shape.size(), 0);
        std::int64_t at = 0;
        for (std::byte* out = tensor.bytes.data(); out < tensor.bytes.data() + tensor.bytes.size(); out += width) {
            std::memcpy(out, first + static_cast<std::size_t>(at) * width, width);
            for (std::size_t axis = index.size(); axis-- > 0;) {
                at += strides[axis];
                if (++index[axis] < tensor.shape[axis])
                    break;
                at -= strides[axis] * tensor.shape[axis];
                index[axis] = 0;
            }
        }
    }

    const TorchArchive& m_archive;
    const PickleDocument& m_document;
    const std::string& m_path;
    std::map<std::string, std::vector<std::byte>> m_storages;
    std::uint64_t m_total = 0;
};

} // namespace

Result<std::vector<StoredTensor>> readTorchWeights(const std::string& path)
{
    const Result<TorchArchive> archive = TorchArchive::open(path);
    if (!archive)
        return archive.error();
    if (!archive->has("data.pkl"))
        return Error{ErrorCode::Unrecognised, path, "the file is no PyTorch model"};
    if (archive->has("byteorder")) {
        const auto order = archive->read("byteorder", 16);
        if (!order)
            return order.error();
        if (std::string(reinterpret_cast<const char*>(order->data()), order->size()) != "little")
            return Error{ErrorCode::Unsupported, path, "its numbers are big-endian"};
    }
    const auto pickle = archive->read("data.pkl", largestPickle);
    if (!pickle)
        return pickle.error();
    const Result<PickleDocument> document = readPickle(*pickle, isKnownGlobal);
    if (!document)
        return Error{document.error().code, path, document.error().detail};
    const PickleValue& root = document->at(document->root);
    WeightReader reader(*archive, *document, path);
    if (reader.holdsTensors(root))
        return reader.tensorsOf(root);
    for (const char* key : {"state_dict", "model_state_dict", "model", "network_weights"})
        if (const PickleValue* inner = document->find(root, key); inner && reader.holdsTensors(*inner))
            return reader.tensorsOf(*inner);
    return Error{ErrorCode::Unsupported, path, "the file holds no dictionary of weights"};
}

} // namespace annotomy
