# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors

# Fuzz targets: tests/fuzz/<name>/target.cpp with its corpus, a part of the tests
# of the library LIB (NAME where not given). Each corpus is replayed with any
# compiler; with Clang, libFuzzer also tries a bounded number of new inputs, the
# same ones each time. `make fuzz` looks further.
function(atoll_fuzz)
  cmake_parse_arguments(FUZZ "" "NAME;LIB" "LIBRARIES;SOURCES" ${ARGN})
  if(NOT FUZZ_LIB)
    set(FUZZ_LIB ${FUZZ_NAME})
  endif()
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/${FUZZ_NAME}")
  set(programs replay_${FUZZ_NAME})
  add_executable(replay_${FUZZ_NAME} "${folder}/target.cpp"
    "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/replay.cpp")
  add_test(NAME "fuzz.${FUZZ_NAME}.corpus" COMMAND replay_${FUZZ_NAME} "${folder}/corpus")
  set_tests_properties("fuzz.${FUZZ_NAME}.corpus" PROPERTIES
    LABELS "quick;lib-${FUZZ_LIB}" TIMEOUT 60)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    list(APPEND programs fuzz_${FUZZ_NAME})
    add_executable(fuzz_${FUZZ_NAME} "${folder}/target.cpp")
    target_compile_options(fuzz_${FUZZ_NAME} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${FUZZ_NAME} PRIVATE -fsanitize=fuzzer)
    # Named one by one: in a folder that is given as such it would add files.
    file(GLOB seeds CONFIGURE_DEPENDS "${folder}/corpus/*")
    list(JOIN seeds "," seeds)
    set(list "${CMAKE_CURRENT_BINARY_DIR}/fuzz_${FUZZ_NAME}.seeds")
    file(WRITE "${list}" "${seeds}")
    set(common -seed=1 "-seed_inputs=@${list}" -verbosity=0 -max_len=16384
      "-artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/fuzz_${FUZZ_NAME}-")
    add_test(NAME "fuzz.${FUZZ_NAME}.sample"
      COMMAND fuzz_${FUZZ_NAME} ${common} -runs=20000)
    set_tests_properties("fuzz.${FUZZ_NAME}.sample" PROPERTIES
      LABELS "test;lib-${FUZZ_LIB}" TIMEOUT 300)
    add_test(NAME "fuzz.${FUZZ_NAME}.long"
      COMMAND fuzz_${FUZZ_NAME} ${common} -max_total_time=600)
    set_tests_properties("fuzz.${FUZZ_NAME}.long" PROPERTIES LABELS long TIMEOUT 900)
  endif()
  # `make test LIB=x` builds that library's tests by name.
  add_dependencies(lib_${FUZZ_LIB} ${programs})
  foreach(program IN LISTS programs)
    _atoll_fuzz_program(${program} "${FUZZ_LIBRARIES}" "${FUZZ_SOURCES}")
  endforeach()
endfunction()

# What every program of a target is made with; `sources` are below lib/.
function(_atoll_fuzz_program program libraries sources)
  list(TRANSFORM sources PREPEND "${root}/lib/")
  list(TRANSFORM libraries REPLACE "(.+)" "${root}/lib/\\1/include" OUTPUT_VARIABLE includes)
  target_sources(${program} PRIVATE ${sources})
  target_include_directories(${program} PRIVATE ${includes}
    "${CMAKE_CURRENT_SOURCE_DIR}/host/include" "${ATOLL_TEST_CONFIG}")
  target_compile_options(${program} PRIVATE ${sanitizers} -g -O1 -Wall -Wextra)
  target_link_options(${program} PRIVATE ${sanitizers})
  target_link_libraries(${program} PRIVATE host_fakes)
endfunction()

# The defect is found by `make fuzz TARGET=planted` only.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_executable(fuzz_planted EXCLUDE_FROM_ALL "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/planted/target.cpp")
  target_compile_options(fuzz_planted PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz_planted PRIVATE -fsanitize=fuzzer)
  _atoll_fuzz_program(fuzz_planted "" "")
endif()

atoll_fuzz(NAME acpi
  LIBRARIES acpi base
  SOURCES acpi/src/tables.cpp acpi/src/fixed.cpp acpi/src/aml.cpp acpi/src/sleep.cpp
    acpi/src/device.cpp acpi/src/resources.cpp acpi/src/madt.cpp acpi/src/mcfg.cpp
    stop_acpi/src/event_device.cpp)
atoll_fuzz(NAME boot_info
  LIBRARIES base boot_info
  SOURCES boot_info/src/entry.cpp)
atoll_fuzz(NAME boot_pvh
  LIBRARIES base boot_info boot_pvh
  SOURCES boot_pvh/src/start_info.cpp boot_info/src/entry.cpp)
atoll_fuzz(NAME command_line
  LIBRARIES base boot_info command_line console
  SOURCES command_line/src/words.cpp command_line/src/monitor_words.cpp
    command_line/src/program.cpp base/src/format.cpp)
atoll_fuzz(NAME cpuid_rate LIB tsc
  LIBRARIES base timekeeping)
atoll_fuzz(NAME device_tree
  LIBRARIES arch base boot_info device_tree irq irq_device_tree lock
  SOURCES device_tree/src/tree.cpp device_tree/src/node.cpp device_tree/src/address.cpp
    device_tree/src/interrupt.cpp device_tree/src/boot_scan.cpp boot_info/src/entry.cpp
    irq_device_tree/src/line_of.cpp)
set(formatter formatter/src/decimal.cpp formatter/src/floating.cpp formatter/src/format.cpp
  formatter/src/integer.cpp formatter/src/scan.cpp formatter/src/scan_number.cpp
  formatter/src/specification.cpp)
atoll_fuzz(NAME formatter_print LIB formatter
  LIBRARIES base formatter
  SOURCES ${formatter})
atoll_fuzz(NAME formatter_scan LIB formatter
  LIBRARIES base formatter
  SOURCES ${formatter})
atoll_fuzz(NAME ip_address LIB ip
  LIBRARIES base ip
  SOURCES ip/src/ip_address.cpp base/src/parse.cpp)
atoll_fuzz(NAME packet_elements
  LIBRARIES alloc arch base boot_info buffer_pool clock console direct_map ip lock log netdev
    packet_elements page_alloc
  SOURCES packet_elements/src/gather.cpp packet_elements/src/interface_port.cpp
    packet_elements/src/lexer.cpp packet_elements/src/network.cpp packet_elements/src/reader.cpp
    packet_elements_basic/src/count.cpp packet_elements_basic/src/drop.cpp
    packet_elements_basic/src/filter.cpp packet_elements_basic/src/headers.cpp
    packet_elements_basic/src/limit.cpp packet_elements_basic/src/rules.cpp
    packet_elements_basic/src/vlan.cpp packet_elements_route/src/neighbours.cpp
    packet_elements_route/src/read_router.cpp packet_elements_route/src/router.cpp
    packet_elements_route/src/router_arp.cpp packet_elements_route/src/routes.cpp
    packet_elements_switch/src/switch.cpp buffer_pool/src/buffer_pool.cpp
    direct_map/src/direct_map.cpp ip/src/ip_address.cpp netdev/src/netdev.cpp log/src/log.cpp
    console/src/console.cpp boot_info/src/boot_info.cpp page_alloc/src/page_alloc.cpp
    page_alloc/src/page_allocator.cpp page_alloc/src/extent_tree.cpp
    page_alloc/src/boot_memory.cpp base/src/errc.cpp base/src/format.cpp base/src/parse.cpp
    base/src/tree.cpp)
atoll_fuzz(NAME parse_number LIB base
  LIBRARIES base
  SOURCES base/src/parse.cpp)
atoll_fuzz(NAME pci
  LIBRARIES arch base device_tree direct_map irq irq_lines irq_messages lock log page_alloc page_table pci
    pci_host vm
  SOURCES pci/src/device.cpp pci/src/messages.cpp pci/src/pin.cpp pci/src/walk.cpp
    pci/tests/fake_machine.cpp pci_host/src/bar.cpp pci_host/src/capability.cpp pci_host/src/config_space.cpp
    pci_host/src/location.cpp pci_host_device_tree/src/assign.cpp
    pci_host_device_tree/src/bridges.cpp base/src/errc.cpp base/src/format.cpp)
atoll_fuzz(NAME pvclock
  LIBRARIES base pvclock)
atoll_fuzz(NAME rtc_cmos
  LIBRARIES base rtc_cmos timekeeping
  SOURCES timekeeping/src/date.cpp)
atoll_fuzz(NAME strtold LIB libc_newlib_strtold
  LIBRARIES base
  SOURCES libc_newlib_strtold/src/big_integer.cpp libc_newlib_strtold/src/read_floating.cpp
    libc_newlib_strtold/src/round.cpp)
atoll_fuzz(NAME traffic
  LIBRARIES alloc arch base boot_info buffer_pool direct_map ip lock log netdev page_alloc traffic
  SOURCES traffic/src/frame.cpp traffic/src/mac_address.cpp traffic/src/plan.cpp
    traffic/src/sizes.cpp traffic/src/tally.cpp ip/src/ip_address.cpp
    direct_map/src/direct_map.cpp boot_info/src/boot_info.cpp page_alloc/src/page_alloc.cpp
    page_alloc/src/page_allocator.cpp page_alloc/src/extent_tree.cpp
    page_alloc/src/boot_memory.cpp base/src/errc.cpp base/src/format.cpp base/src/parse.cpp
    base/src/tree.cpp)
atoll_fuzz(NAME virtio_ring
  LIBRARIES base virtio_ring
  SOURCES virtio_ring/src/in_flight.cpp virtio_ring/src/packed_ring.cpp
    virtio_ring/src/split_ring.cpp)
atoll_fuzz(NAME vm_test_filter LIB vm_test
  LIBRARIES base vm_test
  SOURCES vm_test/src/filter.cpp base/src/format.cpp)
atoll_fuzz(NAME xen_ring
  LIBRARIES base xen_ring)
atoll_fuzz(NAME xenstore
  LIBRARIES base xen_ring xenstore
  SOURCES xenstore/src/connection.cpp)
