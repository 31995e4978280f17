// File: mod_plivo_dial/httpd_api.h
//
// All headers of httpd and APR, in one place, for the C++ files of the module. Include it before
// anything else of httpd's; lib/ never does.
// SPDX-License-Identifier: Apache-2.0
#pragma once

extern "C" {
#include <httpd.h>

#include <ap_listen.h>
#include <ap_mpm.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mpm_common.h>
#include <unixd.h>
#include <util_filter.h>

APLOG_USE_MODULE(plivo_dial);
}
