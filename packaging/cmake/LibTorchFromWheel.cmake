# LibTorch as packaging/libtorch-cuda lays it out in ANNOTOMY_LIBTORCH. Its own TorchConfig.cmake asks for the CUDA toolkit with
# nvcc, which serves to compile kernels; there are none here. Sets TORCH_LIBRARIES and TORCH_INCLUDE_DIRS.
set(wheel_libraries ${ANNOTOMY_LIBTORCH}/torch/lib)
foreach(part c10 torch_cpu c10_cuda torch_cuda torch)
    if(NOT EXISTS ${wheel_libraries}/lib${part}.so)
        message(FATAL_ERROR "${wheel_libraries}/lib${part}.so is missing. Run packaging/libtorch-cuda ${ANNOTOMY_LIBTORCH} first.")
    endif()
    add_library(libtorch_${part} SHARED IMPORTED GLOBAL)
    set_target_properties(libtorch_${part} PROPERTIES IMPORTED_LOCATION ${wheel_libraries}/lib${part}.so)
endforeach()

# No symbol of the CUDA libraries is used by name: they register their kernels when they are loaded.
add_library(libtorch_wheel INTERFACE)
target_link_libraries(libtorch_wheel INTERFACE
    libtorch_c10 libtorch_torch_cpu -Wl,--push-state,--no-as-needed libtorch_torch libtorch_c10_cuda libtorch_torch_cuda -Wl,--pop-state)
target_include_directories(libtorch_wheel SYSTEM INTERFACE
    ${ANNOTOMY_LIBTORCH}/torch/include ${ANNOTOMY_LIBTORCH}/torch/include/torch/csrc/api/include)
set(TORCH_LIBRARIES libtorch_wheel)
set(TORCH_INCLUDE_DIRS)
