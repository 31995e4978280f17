// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/tables_image.h"

#include <algorithm>
#include <charconv>

#include "lib/base/fnv1a.h"
#include "lib/base/in_quotes.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kOriginTable = "origin";
constexpr std::string_view kDigestKey = "configuration";
constexpr std::string_view kSourcesKey = "sources";  // version, NUL, path, NUL, and so on

std::string_view take_text(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return text;
}

}  // namespace

std::string name_in_image(std::string_view path) {
  return std::to_string(fnv1a(path));
}

Result<void> add_origin(ImageWriter& writer, std::uint64_t digest,
                        const std::vector<TablesSource>& sources) {
  if (Result<void> added = writer.add(kOriginTable, kDigestKey, std::to_string(digest)); !added) {
    return added;
  }
  std::string list;
  for (const TablesSource& source : sources) {
    list.append(to_string(source.version)).append(1, '\0').append(source.path).append(1, '\0');
  }
  return writer.add(kOriginTable, kSourcesKey, list);
}

std::optional<std::uint64_t> digest_in(const Image& image) {
  const std::optional<std::string_view> text = image.find(kOriginTable, kDigestKey);
  std::uint64_t digest = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), digest);
  if (error != std::errc()) return std::nullopt;
  return digest;
}

std::optional<std::string> outdated(const Image& image, std::uint64_t digest, std::int64_t now_us) {
  if (digest_in(image) != digest) return "the configuration has changed";
  std::string_view rest = image.find(kOriginTable, kSourcesKey).value_or("");
  while (!rest.empty()) {
    const std::string_view version = take_text(rest);
    const std::string path(take_text(rest));
    if (to_string(FileVersion::of(path)) != version) return in_quotes(path) + " has changed";
  }
  const std::int64_t age = now_us - image.stamp().made_us;
  if (age > kLongestTablesUs) return "they are a month old";
  if (age < -kLongestTablesUs) return "they were made in the future";
  return std::nullopt;
}

}  // namespace plivo_dial
