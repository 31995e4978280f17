// SPDX-License-Identifier: Apache-2.0
//
// Input: a byte, and the bytes of an image. When the byte is odd, size and check values of header
// and directory become those that belong to it, which no mutation hits.
#include <string>

#include "lib/base/crc32c.h"
#include "lib/image/image.h"
#include "lib/image/image_layout.h"
#include "lib/route/route_image.h"
#include "tests/fuzz/fuzz_target.h"

namespace layout = plivo_dial::image_layout;
using plivo_dial::Image;
using plivo_dial::ImageTable;
using plivo_dial::test::require;

namespace {

constexpr std::string_view kNumbers[] = {
    "14155550199", "14155550100", "4930123456", "442079460000", "anonymous", "", "1", "1415"};

void repair_header(std::string& bytes) {
  if (bytes.size() < layout::kHeaderSize) return;
  layout::kMagic.copy(bytes.data(), layout::kMagic.size());
  layout::store(layout::kImageVersion, bytes.data() + layout::kVersionAt);
  layout::store(std::uint64_t{bytes.size()}, bytes.data() + layout::kSizeAt);
  const std::size_t length =
      layout::kEntrySize * layout::load<std::uint32_t>(bytes.data() + layout::kTablesAt);
  if (length <= bytes.size() - layout::kHeaderSize) {
    const std::string_view directory = std::string_view(bytes).substr(layout::kHeaderSize, length);
    layout::store(plivo_dial::crc32c(directory), bytes.data() + layout::kDirectoryCrcAt);
  }
  const std::string_view head = std::string_view(bytes).substr(0, layout::kHeaderCrcAt);
  layout::store(plivo_dial::crc32c(head), bytes.data() + layout::kHeaderCrcAt);
}

void require_within(std::string_view part, std::string_view bytes) {
  require(part.data() >= bytes.data() && part.data() + part.size() <= bytes.data() + bytes.size(),
          "what is found lies within the image");
}

void look_up(const ImageTable& table, std::string_view number, std::string_view bytes) {
  if (const auto value = table.find(number)) require_within(*value, bytes);
  const auto longest = table.find_longest(number);
  if (!longest) return;
  require_within(longest->value, bytes);
  require(number.starts_with(longest->key), "a beginning is one of the number");
  require(table.find(longest->key) == longest->value, "both ways lead to the same value");
}

void look_up_routes(const Image& image, std::string_view bytes) {
  const auto map = plivo_dial::MapInImage::in(image, "numbers");
  const auto list = plivo_dial::ListInImage::in(image, "numbers");
  for (const std::string_view number : kNumbers) {
    if (list) list->find(number);
    const auto found = map ? map->find({number, "sip:a@example.com", number}) : std::nullopt;
    if (!found) continue;
    plivo_dial::RouteTargets rest = found->route.targets;
    require(rest.size() <= bytes.size(), "a route has no more targets than bytes");
    while (rest.size() > 0) require_within(rest.take_first(), bytes);
    to_route(found->route);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes(plivo_dial::test::text_of(data + 1, size - 1));
  if (data[0] % 2 == 1) repair_header(bytes);
  const auto image = Image::over(bytes);
  if (!image) {
    require(!image.error().message.empty(), "what is refused is told why");
    return 0;
  }
  require(image->size() == bytes.size(), "all bytes are the image's");
  for (const std::string_view name : image->table_names()) {
    const auto table = image->table(name);
    if (!table) continue;
    for (const std::string_view number : kNumbers) look_up(*table, number, bytes);
  }
  look_up_routes(*image, bytes);
  static_cast<void>(image->verify());
  return 0;
}
