#include "core/io/tensors/pickle.h"

#include <bit>
#include <optional>
#include <unordered_map>

namespace annotomy {

namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t longestText = 1 << 16;

Error malformed(const std::string& why)
{
    return {ErrorCode::Malformed, {}, "the pickle " + why};
}

// Runs the instructions of pickletools.py that make values. Values refer to one another by their place, never by ownership: a
// deeply nested pickle is as flat as any other.
class Unpickler {
public:
    Unpickler(std::span<const std::byte> bytes, bool (*isKnown)(const std::string&)) : m_bytes(bytes), m_isKnown(isKnown) {}

    Result<PickleDocument> run()
    {
        while (!m_stopped) {
            const auto code = static_cast<unsigned char>(number(1));
            if (!m_error)
                execute(code);
            if (m_error)
                return *m_error;
        }
        if (m_stack.size() != 1)
            return malformed("leaves more than one value");
        m_document.root = m_stack.front();
        return std::move(m_document);
    }

private:
    void fail(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
    }

    // --- reading ---
    std::span<const std::byte> take(std::uint64_t count)
    {
        if (count > m_bytes.size() - m_at) {
            fail({ErrorCode::Truncated, {}, "the pickle is cut short"});
            return {};
        }
        const auto taken = m_bytes.subspan(m_at, static_cast<std::size_t>(count));
        m_at += static_cast<std::size_t>(count);
        return taken;
    }

    std::uint64_t number(std::size_t size) // little endian, without a sign
    {
        std::uint64_t value = 0;
        std::size_t shift = 0;
        for (const std::byte byte : take(size)) {
            value |= std::to_integer<std::uint64_t>(byte) << shift;
            shift += 8;
        }
        return value;
    }

    std::int64_t signedNumber(std::size_t size) // two's complement of up to eight bytes
    {
        if (size == 0)
            return 0;
        if (size > 8) {
            fail(malformed("holds a number of more than 64 bits"));
            return 0;
        }
        const std::size_t unused = 64 - 8 * size;
        return static_cast<std::int64_t>(number(size) << unused) >> unused;
    }

    double real() // big endian
    {
        std::uint64_t bits = 0;
        for (const std::byte byte : take(8))
            bits = bits << 8 | std::to_integer<std::uint64_t>(byte);
        return std::bit_cast<double>(bits);
    }

    std::string text(std::uint64_t size)
    {
        if (size > longestText) {
            fail(malformed("holds an impossibly long text"));
            return {};
        }
        const auto taken = take(size);
        return {reinterpret_cast<const char*>(taken.data()), taken.size()};
    }

    std::string line()
    {
        std::string out;
        while (!m_error) {
            const auto c = static_cast<char>(number(1));
            if (m_error || c == '\n')
                break;
            out += c;
        }
        return out;
    }

    // --- the stack ---
    void push(PickleValue value)
    {
        m_stack.push_back(static_cast<std::uint32_t>(m_document.values.size()));
        m_document.values.push_back(std::move(value));
    }
    void push(Kind kind) { push(PickleValue{kind, 0, 0, {}, {}}); }
    void pushInteger(std::int64_t value, Kind kind = Kind::Integer) { push(PickleValue{kind, value, 0, {}, {}}); }
    void pushText(std::string value) { push(PickleValue{Kind::Text, 0, 0, std::move(value), {}}); }

    // The lowest place on the stack that the instructions since the last mark may touch.
    std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }

    std::uint32_t pop()
    {
        if (m_stack.size() <= floor()) {
            fail(malformed("takes a value that is not there"));
            return 0;
        }
        const std::uint32_t top = m_stack.back();
        m_stack.pop_back();
        return top;
    }

    std::vector<std::uint32_t> popLast(std::size_t count)
    {
        std::vector<std::uint32_t> items(count);
        for (std::size_t n = count; n-- > 0;)
            items[n] = pop();
        return items;
    }

    std::vector<std::uint32_t> popToMark()
    {
        if (m_marks.empty()) {
            fail(malformed("ends a group that never began"));
            return {};
        }
        const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<std::uint32_t> items(begin, m_stack.end());
        m_stack.erase(begin, m_stack.end());
        m_marks.pop_back();
        return items;
    }

    PickleValue* top(Kind kind)
    {
        if (m_stack.size() <= floor() || m_document.values[m_stack.back()].kind != kind) {
            fail(malformed("adds to a value that is no such container"));
            return nullptr;
        }
        return &m_document.values[m_stack.back()];
    }

    void add(Kind kind, const std::vector<std::uint32_t>& items)
    {
        if (PickleValue* target = m_error ? nullptr : top(kind))
            target->items.insert(target->items.end(), items.begin(), items.end());
    }

    void addPairs(const std::vector<std::uint32_t>& items)
    {
        if (items.size() % 2 != 0)
            fail(malformed("has a key without a value"));
        add(Kind::Dictionary, items);
    }

    void pushList(std::vector<std::uint32_t> items) { push(PickleValue{Kind::List, 0, 0, {}, std::move(items)}); }

    // --- the memo ---
    void remember(std::uint64_t key)
    {
        if (m_stack.size() <= floor())
            fail(malformed("remembers a value that is not there"));
        else
            m_memo[key] = m_stack.back();
    }

    void recall(std::uint64_t key)
    {
        const auto found = m_memo.find(key);
        if (found == m_memo.end())
            fail(malformed("recalls a value that it never made"));
        else
            m_stack.push_back(found->second);
    }

    // --- what would be executed ---
    void pushGlobal(const std::string& module, const std::string& name)
    {
        const std::string global = module + '.' + name;
        if (!m_error && !m_isKnown(global))
            fail({ErrorCode::Unsupported, {},
                  "the file asks to run \"" + global.substr(0, 100) + "\", which no file of weights needs: it was not read"});
        push(PickleValue{Kind::Global, 0, 0, global, {}});
    }

    void call()
    {
        const std::uint32_t arguments = pop(), function = pop();
        if (m_error)
            return;
        const PickleValue& called = m_document.values[function];
        if (called.kind != Kind::Global || m_document.values[arguments].kind != Kind::List)
            return fail(malformed("calls what cannot be called"));
        if (called.text == "collections.OrderedDict")
            return push(Kind::Dictionary);
        push(PickleValue{Kind::Call, 0, 0, {}, {function, arguments}});
    }

    // The state of an object; of dictionaries PyTorch keeps notes there that nobody needs.
    void build()
    {
        pop();
        if (!m_error)
            top(Kind::Dictionary);
    }

    void reference()
    {
        const std::uint32_t id = pop();
        if (!m_error)
            push(PickleValue{Kind::Reference, 0, 0, {}, {id}});
    }

    void executeValue(unsigned char code);
    void executeContainer(unsigned char code);
    void execute(unsigned char code);

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    bool (*m_isKnown)(const std::string&);
    PickleDocument m_document;
    std::vector<std::uint32_t> m_stack;
    std::vector<std::size_t> m_marks; // heights of the stack
    std::unordered_map<std::uint64_t, std::uint32_t> m_memo;
    std::optional<Error> m_error;
    bool m_stopped = false;
};

void Unpickler::executeValue(unsigned char code)
{
    switch (code) {
    case 'N': return push(Kind::None);
    case 0x88: return pushInteger(1, Kind::Flag);
    case 0x89: return pushInteger(0, Kind::Flag);
    case 'J': return pushInteger(signedNumber(4));
    case 'K': return pushInteger(static_cast<std::int64_t>(number(1)));
    case 'M': return pushInteger(static_cast<std::int64_t>(number(2)));
    case 0x8a: return pushInteger(signedNumber(static_cast<std::size_t>(number(1))));
    case 'G': return push(PickleValue{Kind::Real, 0, real(), {}, {}});
    case 'X': return pushText(text(number(4)));
    case 0x8c: return pushText(text(number(1)));
    case 'q': return remember(number(1));
    case 'r': return remember(number(4));
    case 0x94: return remember(m_memo.size());
    case 'h': return recall(number(1));
    case 'j': return recall(number(4));
    default:
        return fail({ErrorCode::Unsupported, {},
                     "the pickle has an instruction (" + std::to_string(code) + ") that files of weights do not need"});
    }
}

void Unpickler::executeContainer(unsigned char code)
{
    switch (code) {
    case '(': return m_marks.push_back(m_stack.size());
    case ')':
    case ']': return push(Kind::List);
    case '}': return push(Kind::Dictionary);
    case 't':
    case 'l': return pushList(popToMark());
    case 0x85:
    case 0x86:
    case 0x87: return pushList(popLast(code - 0x84U));
    case 'a': return add(Kind::List, popLast(1));
    case 'e': return add(Kind::List, popToMark());
    case 's': return addPairs(popLast(2));
    case 'u': return addPairs(popToMark());
    default: return executeValue(code);
    }
}

void Unpickler::execute(unsigned char code)
{
    switch (code) {
    case 0x80: // protocol
        number(1);
        return;
    case 0x95: // frame
        number(8);
        return;
    case 'c': {
        const std::string module = line();
        return pushGlobal(module, line());
    }
    case 0x93: {
        const std::uint32_t name = pop(), module = pop();
        if (m_error)
            return;
        return pushGlobal(std::string(m_document.values[module].text), std::string(m_document.values[name].text));
    }
    case 'R': return call();
    case 'b': return build();
    case 'Q': return reference();
    case '.':
        m_stopped = true;
        return;
    default: return executeContainer(code);
    }
}

} // namespace

const PickleValue* PickleDocument::find(const PickleValue& dictionary, const std::string& key) const
{
    if (dictionary.kind != Kind::Dictionary)
        return nullptr;
    for (std::size_t n = 0; n + 1 < dictionary.items.size(); n += 2)
        if (at(dictionary.items[n]).kind == Kind::Text && at(dictionary.items[n]).text == key)
            return &at(dictionary.items[n + 1]);
    return nullptr;
}

Result<PickleDocument> readPickle(std::span<const std::byte> bytes, bool (*isKnown)(const std::string& global))
{
    return Unpickler(bytes, isKnown).run();
}

} // namespace annotomy
