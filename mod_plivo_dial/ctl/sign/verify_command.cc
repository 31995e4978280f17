// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/verify_command.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/signature/url.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/sign/captured_request.h"
#include "mod_plivo_dial/ctl/sign/verify_report.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/token_file.h"
#include "mod_plivo_dial/ctl/url_option.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kVerify = "verify";

// What was written on the command line, before it is judged.
struct VerifyOptions {
  std::string request_file;
  std::string url;
  std::string public_url;
  std::string method;
  std::vector<std::string> headers;
  std::optional<std::string> body;
  std::string body_file;
  std::vector<std::string> token_files;
  std::vector<std::string> hosts;
  bool accept_v2 = false;
};

Result<void> check_standard_input(const VerifyOptions& options) {
  const auto from_stdin =
      static_cast<int>(std::ranges::count(options.token_files, "-") +
                       (options.request_file == "-" ? 1 : 0) + (options.body_file == "-" ? 1 : 0));
  if (from_stdin < 2) return {};
  return Error{"standard input can hold one thing only: write - once"};
}

Result<void> replace_headers(const VerifyOptions& options, CapturedRequest& request) {
  std::vector<HttpHeader> headers;
  for (const std::string& text : options.headers) {
    Result<HttpHeader> header = parse_header(text);
    if (!header) return bad_option("--header", header.error().message);
    headers.push_back(std::move(header).value());
  }
  request.replace_headers(headers);
  return {};
}

// The parts on the command line replace those of the file.
Result<CapturedRequest> read_request(const VerifyOptions& options) {
  CapturedRequest request;
  if (!options.request_file.empty()) {
    const Result<std::string> text = read_input(options.request_file);
    if (!text) return bad_option("--request", text.error().message);
    Result<CapturedRequest> parsed = parse_request(*text);
    if (!parsed) return bad_option("--request", parsed.error().message);
    request = std::move(parsed).value();
  }
  if (!options.method.empty()) request.method = options.method;
  if (Result<void> read = replace_headers(options, request); !read) return read.error();
  if (options.body) request.body = *options.body;
  if (!options.body_file.empty()) {
    Result<std::string> body = read_input(options.body_file);
    if (!body) return bad_option("--body-file", body.error().message);
    request.body = std::move(body).value();
  }
  if (!options.body) drop_final_newline(request);
  if (request.method == "POST" || request.method == "GET") return request;
  return Error{"the method " + in_quotes(request.method) +
               " is neither POST nor GET, the methods of Plivo's signed requests"};
}

Result<void> take_url(const std::string& text, std::string_view option, VerifyInput& input) {
  const Result<std::string> url = signable_url(text);
  if (!url) return bad_option(option, url.error().message);
  const SignedUrl parts = split_signed_url(*url);
  input.origin = parts.origin;
  input.target = parts.target;
  return {};
}

// The URL that Plivo dialled: said whole, or the request line behind the public URL.
Result<void> find_url(const VerifyOptions& options, VerifyInput& input) {
  if (!options.url.empty()) return take_url(options.url, "--url", input);
  const std::string& target = input.request.target;
  const bool is_whole = !authority_of(target).empty();
  if (options.public_url.empty()) {
    if (is_whole) return take_url(target, "--request", input);
    return Error{
        "which URL did Plivo dial? Say it by --url, or give a captured --request together with "
        "--public-url"};
  }
  const Result<PublicUrl> origin = PublicUrl::parse(options.public_url);
  if (!origin) return bad_option("--public-url", origin.error().message);
  if (target.empty()) {
    return Error{"--public-url stands before the path of a captured --request: give one, or --url"};
  }
  input.origin = origin->text();
  input.target = is_whole ? split_signed_url(target).target : target;
  return {};
}

Result<void> read_tokens(const VerifyOptions& options, std::vector<Secret>& tokens) {
  for (const std::string& file : options.token_files) {
    Result<Secret> token = read_token(file);
    if (!token) return token.error();
    tokens.push_back(std::move(token).value());
  }
  return {};
}

Result<void> check_hosts(const VerifyOptions& options) {
  for (const std::string& host : options.hosts) {
    if (Result<void> checked = check_host_and_port(host); !checked) {
      return bad_option("--host", in_quotes(host) + " " + checked.error().message);
    }
  }
  return {};
}

Result<VerifyInput> make_input(const VerifyOptions& options, const std::vector<Secret>& tokens) {
  if (Result<void> checked = check_hosts(options); !checked) return checked.error();
  VerifyInput input;
  Result<CapturedRequest> request = read_request(options);
  if (!request) return request.error();
  input.request = std::move(request).value();
  if (Result<void> found = find_url(options, input); !found) return found.error();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    input.accounts.push_back({options.token_files[i], tokens[i].view(), {}});
  }
  input.hosts = options.hosts;
  input.accept_v2 = options.accept_v2;
  return input;
}

int run_verify(const VerifyOptions& options) {
  if (const Result<void> checked = check_standard_input(options); !checked) {
    return report_usage(kVerify, checked.error().message);
  }
  std::vector<Secret> tokens;
  if (const Result<void> read = read_tokens(options, tokens); !read) {
    return report_usage(kVerify, read.error().message);
  }
  const Result<VerifyInput> input = make_input(options, tokens);
  if (!input) return report_usage(kVerify, input.error().message);
  const VerifyReport report = verify_capture(*input);
  return write_output(kVerify, report.text, report.verified ? kExitOk : kExitRefused);
}

void add_request_options(Command& verify, VerifyOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* help) -> Option& {
    return verify.option(name, value, help).group("Request");
  };
  add("--request", options.request_file,
      "A file with the raw request: request line, headers, an empty line, the body; - for standard "
      "input. What is given by other options replaces its parts")
      .type_name("FILE|-");
  Option& url = add("--url", options.url, "The URL as Plivo dialled it").type_name("URL");
  add("--public-url", options.public_url,
      "The server's PlivoPublicURL, which stands before the path of the request line")
      .type_name("URL")
      .excludes(url);
  add("--method", options.method, "Method of the request; POST unless --request has another")
      .one_of({"POST", "GET"})
      .type_name("METHOD");
  add("--header", options.headers, "A header, such as X-Plivo-Signature-V3; may be repeated")
      .type_name("'NAME: VALUE'");
  Option& body = add("--body", options.body, "The body as it came, encoded").type_name("TEXT");
  add("--body-file", options.body_file, "A file with the body; - for standard input")
      .type_name("FILE|-")
      .excludes(body);
}

void add_account_options(Command& verify, VerifyOptions& options) {
  verify
      .option("--token-file", options.token_files,
              "A file with an auth token (mode 0600), as PlivoAccount names it; - for the "
              "first line of standard input; may be repeated")
      .required()
      .type_name("FILE|-")
      .group("Account");
  verify
      .option("--host", options.hosts,
              "A host, or host:port, under which the URL may have been entered at Plivo, to "
              "be tried beside that of the Host header; may be repeated")
      .type_name("HOST")
      .group("Account");
  verify
      .flag("--v2", options.accept_v2,
            "Take V2 where there is no V3 header, as PlivoSignature V2 does")
      .group("Account");
}

}  // namespace

void add_verify_command(Command& app) {
  Command& verify = app.subcommand(
      "verify",
      "Say whether a captured request was signed by Plivo: print the string that was signed, both "
      "signatures, what differs and the likely cause.");
  // The callback below shares the options, so they live as long as the application.
  const auto options = std::make_shared<VerifyOptions>();
  add_request_options(verify, *options);
  add_account_options(verify, *options);
  verify.footer(
      "Exit status: 0 verified; 1 not verified; 2 wrong usage.\n\n"
      "Example: a request that was captured as it came:\n"
      "  plivo-dialctl verify --request captured.txt --public-url https://pbx.example.com \\\n"
      "    --token-file /etc/apache2/plivo/main.token\n\n"
      "Example: from its parts:\n"
      "  plivo-dialctl verify --url https://pbx.example.com/dialstatus \\\n"
      "    --header 'X-Plivo-Signature-V3: SIGNATURE' \\\n"
      "    --header 'X-Plivo-Signature-V3-Nonce: NONCE' --body 'To=14155550100' \\\n"
      "    --token-file main.token");
  verify.runs([options] { return run_verify(*options); });
}

}  // namespace plivo_dial::ctl
