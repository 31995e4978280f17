// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/examples.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "lib/form/form.h"

namespace plivo_dial::test {
namespace {

std::vector<Example> read_examples() {
  std::ifstream file(PLIVO_EXAMPLES_FILE);
  std::vector<Example> all;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    Example one;
    fields >> one.id >> one.method >> one.form;
    if (one.form.empty()) throw std::runtime_error("not an example: " + line);
    all.push_back(std::move(one));
  }
  return all;
}

// Where the pair called `name` begins, or npos.
std::size_t find_pair(const std::string& form, const std::string& name) {
  const std::size_t found = ("&" + form).find("&" + name + "=");
  return found;
}

}  // namespace

std::vector<Example> examples(const std::string& letters) {
  std::vector<Example> chosen = read_examples();
  std::erase_if(chosen,
                [&](const Example& one) { return letters.find(one.id[0]) == std::string::npos; });
  if (chosen.empty()) throw std::runtime_error("no examples " + letters);
  return chosen;
}

Example example(const std::string& id) {
  for (Example& one : read_examples()) {
    if (one.id == id) return one;
  }
  throw std::runtime_error("no example " + id);
}

std::string form_value(const std::string& form, const std::string& name) {
  const Result<Form> decoded = Form::decode(form);
  return std::string(decoded.ok() ? decoded->find(name).value_or("") : "");
}

std::string with_form_value(const std::string& form, const std::string& name,
                            const std::string& value) {
  const std::size_t start = find_pair(form, name);
  if (start == std::string::npos) return form + "&" + name + "=" + value;
  const std::size_t value_start = start + name.size() + 1;
  const std::size_t value_end = std::min(form.find('&', value_start), form.size());
  return form.substr(0, value_start) + value + form.substr(value_end);
}

Example fresh_call(Example example) {
  const std::string old_uuid = form_value(example.form, "CallUUID");
  const std::string uuid = new_uuid();
  for (std::size_t at = example.form.find(old_uuid); at != std::string::npos;
       at = example.form.find(old_uuid, at + uuid.size())) {
    example.form.replace(at, old_uuid.size(), uuid);
  }
  return example;
}

std::string new_uuid() {
  std::random_device random;
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-8%03x-%08x%04x", random(),
                random() & 0xffff, random() & 0xfff, random() & 0xfff, random(), random() & 0xffff);
  return text.data();
}

HttpReply send_example(const HttpClient& client, const std::string& path, const Example& example) {
  if (example.method == "POST") return client.post(path, example.form);
  return client.get(path + (path.find('?') == std::string::npos ? "?" : "&") + example.form);
}

}  // namespace plivo_dial::test
